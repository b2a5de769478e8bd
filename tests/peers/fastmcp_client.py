"""FastMCP's client against `wharf`: lists and calls a demo tool over HTTP and over stdio.
Usage: fastmcp_client.py WHARF, with PyPI's `fastmcp` installed."""

import asyncio
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
try:
    from fastmcp import Client
    from fastmcp.client.transports import StdioTransport
except ImportError:
    print("skipped: PyPI `fastmcp` is not installed")
    sys.exit(0)
from demo import start


async def try_it(name, transport):
    async with Client(transport) as client:
        tools = await client.list_tools()
        result = await client.call_tool("northwind_getCustomer", {"customer_id": 42})
        assert "Baltic Instruments" in result.content[0].text, result
        print(f"ok: {name}: {len(tools)} tools")


async def main(wharf):
    with tempfile.TemporaryDirectory() as folder:
        process, url, config = start(wharf, pathlib.Path(folder))
        try:
            await try_it("HTTP", url)
            await try_it("stdio", StdioTransport(command=wharf, args=["serve", str(config), "--stdio"]))
        finally:
            process.terminate()
            process.wait(10)


asyncio.run(main(str(pathlib.Path(sys.argv[1]).resolve())))
