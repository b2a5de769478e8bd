/// How many notes there are.
#[wharf::resource("notes://count")]
fn count() -> String {
    "12".to_owned()
}

/// The text of one note.
#[wharf::resource("notes://{id}/text", mime = "text/markdown")]
fn note(id: u32) -> String {
    format!("# Note {id}")
}

fn main() -> wharf::Result {
    wharf::Server::new("notes")
        .resource(count)
        .resource(note)
        .run()
}
