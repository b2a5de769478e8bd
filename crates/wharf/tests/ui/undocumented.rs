#![deny(deprecated)]

#[wharf::tool]
fn get_weather() -> String {
    String::new()
}

fn main() {}
