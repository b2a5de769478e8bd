"""A server of the official Python SDK, in ten lines. Usage: mcp_server.py [PORT], else over stdio."""

import sys

from mcp.server import MCPServer

server = MCPServer("adder")


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


server.run("streamable-http", port=int(sys.argv[1])) if sys.argv[1:] else server.run("stdio")
