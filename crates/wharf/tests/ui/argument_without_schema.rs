struct City(String);

/// Says what the weather is like.
#[wharf::tool]
fn get_weather(city: City) -> String {
    city.0
}

fn main() {}
