struct Weather;

#[wharf::tool]
impl Weather {
    /// Says what the weather is like.
    #[tool]
    fn get_weather(&self) -> String {
        String::new()
    }
}

fn main() {}
