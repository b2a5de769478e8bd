//! HTTP requests that leave the process: where they may go, how connections are opened, how answers
//! are read. Clients of MCP, of OAuth and of every HTTP upstream go out through here.

mod connect;
mod egress;
mod receive;

pub use self::connect::{Cause, Connection, Forbidden};
pub use self::egress::{Egress, is_loopback, is_public, same_origin};
pub use self::receive::{ReceiveError, Received, receive};
