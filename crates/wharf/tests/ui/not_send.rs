/// Holds something across an await that cannot move between threads.
#[wharf::tool]
async fn wait() -> String {
    let text = std::rc::Rc::new(String::new());
    tokio::task::yield_now().await;
    text.to_string()
}

fn main() {}
