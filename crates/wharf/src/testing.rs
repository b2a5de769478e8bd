//! A client inside the process, for tests of tools: no port, no child process, no JSON-RPC.
//!
//! ```
//! /// Says what the weather is like.
//! #[wharf::tool]
//! async fn get_weather(city: String) -> String {
//!     format!("It is sunny in {city}.")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let client = wharf::testing::Client::of(get_weather).await;
//! let answer = client.call("get_weather", serde_json::json!({ "city": "Oslo" })).await;
//! assert_eq!(answer.text(), "It is sunny in Oslo.");
//! # }
//! ```
//!
//! Everything here panics where something is wrong with the test, and says what.

mod called;
mod client;
mod person;

pub use self::called::Called;
pub use self::client::Client;
pub use self::person::Question;
