/// The notes.
#[wharf::resource("notes://{id}")]
fn notes() -> String {
    String::new()
}

fn main() {}
