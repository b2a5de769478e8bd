/// Says what the weather is like.
#[wharf::tool(timeout = 30)]
fn get_weather() -> String {
    String::new()
}

fn main() {}
