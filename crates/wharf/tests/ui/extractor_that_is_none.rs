#[derive(serde::Deserialize, wharf::JsonSchema)]
struct Progress {
    percent: u8,
}

/// Takes a type that is called like one of the framework's.
#[wharf::tool]
fn report(progress: Progress) -> u8 {
    progress.percent
}

fn main() {}
