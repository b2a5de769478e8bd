/// Says what the weather is like today.
#[wharf::tool(read_only)]
async fn get_weather(
    /// The city to look at, such as `Oslo`.
    city: String,
) -> String {
    format!("It is sunny in {city}.")
}

fn main() -> wharf::Result {
    wharf::Server::new("weather").tool(get_weather).run()
}
