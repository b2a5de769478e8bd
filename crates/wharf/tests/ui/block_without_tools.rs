struct Weather;

#[wharf::tools]
impl Weather {
    /// Says what the weather is like.
    fn get_weather(&self) -> String {
        String::new()
    }
}

fn main() {}
