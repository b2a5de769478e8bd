/// Asks for a review of some code.
#[wharf::prompt]
fn review(code: String, language: Option<String>) -> String {
    format!("Review this {} code:\n{code}", language.unwrap_or_default())
}
fn main() -> wharf::Result {
    wharf::Server::new("review").prompt(review).run()
}
