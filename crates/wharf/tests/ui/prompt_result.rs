/// Asks for a review.
#[wharf::prompt]
fn review(code: String) -> usize {
    code.len()
}

fn main() {}
