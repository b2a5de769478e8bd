"""A server made with FastMCP, in ten lines. Usage: fastmcp_server.py [PORT], else over stdio."""

import sys

from fastmcp import FastMCP

server = FastMCP("adder")


@server.tool
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


server.run("http", port=int(sys.argv[1]), show_banner=False) if sys.argv[1:] else server.run("stdio", show_banner=False)
