/// Says what the weather is like today in a city.
#[wharf::tool(read_only)]
fn get_weather(city: String) -> String {
    format!("It is sunny in {city}.")
}

fn main() -> wharf::Result {
    wharf::Server::new("weather").tool(get_weather).run()
}
