/// Says anything.
#[wharf::tool]
fn say<T: ToString>(what: String) -> String {
    what
}

fn main() {}
