//! Methods as tools.

use serde_json::json;
use wharf::testing::Client;
use wharf::{Progress, Server};

struct Greeter {
    greeting: String,
}

#[wharf::tools]
impl Greeter {
    fn new(greeting: &str) -> Self {
        Self {
            greeting: greeting.to_owned(),
        }
    }

    /// Greets somebody.
    #[tool(read_only)]
    async fn greet(
        &self,
        /// Whom.
        name: String,
        _progress: Progress,
    ) -> String {
        format!("{}, {name}!", self.greeting)
    }

    /// Needs no object.
    #[tool]
    fn shout(name: String) -> String {
        name.to_uppercase()
    }

    /// The greeting itself.
    #[resource("greeting://{language}")]
    fn greeting(&self, language: String) -> String {
        format!("{} ({language})", self.greeting)
    }

    /// Asks for a greeting.
    #[prompt]
    fn ask(&self, name: String) -> String {
        format!("Say {} to {name}", self.greeting)
    }
}

#[tokio::test]
async fn the_methods_of_an_object_are_served() {
    let client = Client::new(Server::new("test").tools(Greeter::new("Hello"))).await;
    let answer = client.call("greet", json!({ "name": "Ada" })).await;
    assert_eq!(answer.text(), "Hello, Ada!");
    assert_eq!(
        client.call("shout", json!({ "name": "Ada" })).await.text(),
        "ADA"
    );
    assert_eq!(
        client.read("greeting://en").await.expect("it is there"),
        "Hello (en)"
    );
    let prompt = client.prompt("ask", json!({ "name": "Ada" })).await;
    assert_eq!(prompt.expect("it is there"), "Say Hello to Ada");
}
