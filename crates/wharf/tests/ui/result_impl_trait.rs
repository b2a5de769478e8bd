/// Says hello.
#[wharf::tool]
fn greet() -> impl ToString {
    "Hello"
}

fn main() {}
