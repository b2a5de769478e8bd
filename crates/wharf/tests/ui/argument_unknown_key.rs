/// Lists.
#[wharf::tool]
fn list(#[arg(defualt = 10)] limit: u32) -> u32 {
    limit
}

fn main() {}
