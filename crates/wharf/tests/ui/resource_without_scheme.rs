/// The notes.
#[wharf::resource("notes/{id}")]
fn notes(id: u32) -> String {
    id.to_string()
}

fn main() {}
