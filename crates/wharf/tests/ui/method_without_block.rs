struct Weather;

impl Weather {
    /// Says what the weather is like.
    #[wharf::tool]
    fn get_weather(&self) -> String {
        String::new()
    }
}

fn main() {}
