/// Says what the weather is like.
#[wharf::tool(title = Weather)]
fn get_weather() -> String {
    String::new()
}

fn main() {}
