/// Says what the weather is like.
#[wharf::tool(title = "Weather", title = "Forecast")]
fn get_weather() -> String {
    String::new()
}

fn main() {}
