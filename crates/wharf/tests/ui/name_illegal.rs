/// Says what the weather is like.
#[wharf::tool(name = "get weather")]
fn get_weather() -> String {
    String::new()
}

fn main() {}
