/// Says what the weather is like.
#[wharf::tool(readonly)]
fn get_weather() -> String {
    String::new()
}

fn main() {}
