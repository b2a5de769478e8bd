/// The notes.
#[wharf::resource("notes://{id}")]
fn notes(id: u32, name: String) -> String {
    format!("{id}{name}")
}

fn main() {}
