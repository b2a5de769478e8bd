/// Says hello.
#[wharf::tool]
fn greet(name: impl Into<String>) -> String {
    name.into()
}

fn main() {}
