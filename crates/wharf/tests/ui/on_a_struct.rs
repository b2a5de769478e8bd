/// Says what the weather is like.
#[wharf::tool]
struct Weather;

fn main() {}
