//! Bytes to messages and back: stdio and Streamable HTTP, both eras of MCP.
