/// Says what the weather is like.
fn get_weather(city: String) -> String {
    city
}

fn serve() -> wharf::Result {
    wharf::Server::new("weather").tool(get_weather).run()
}

fn main() {}
