/// The notes.
#[wharf::resource]
fn notes() -> String {
    String::new()
}

fn main() {}
