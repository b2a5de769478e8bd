/// Asks for a review.
#[wharf::prompt]
fn review(files: Vec<String>) -> String {
    files.join(" ")
}

fn main() {}
