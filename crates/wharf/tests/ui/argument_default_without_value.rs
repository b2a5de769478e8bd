/// Lists.
#[wharf::tool]
fn list(#[arg(default)] limit: u32) -> u32 {
    limit
}

fn main() {}
