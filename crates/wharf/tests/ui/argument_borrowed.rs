/// Says hello.
#[wharf::tool]
fn greet(name: &str) -> String {
    format!("Hello {name}")
}

fn main() {}
