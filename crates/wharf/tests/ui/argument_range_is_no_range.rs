/// Lists.
#[wharf::tool]
fn list(#[arg(range = 10)] limit: u32) -> u32 {
    limit
}

fn main() {}
