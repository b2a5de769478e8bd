struct Weather {
    temperature: f64,
}

/// Measures.
#[wharf::tool]
fn measure() -> Weather {
    Weather { temperature: 21.0 }
}

fn main() {}
