"""The official Python SDK against `wharf`: lists and calls a demo tool over HTTP and over stdio, in
both eras. Usage: python_sdk.py WHARF, with PyPI's `mcp` installed."""

import asyncio
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
try:
    from mcp import Client, StdioServerParameters
except ImportError:
    print("skipped: PyPI `mcp` is not installed")
    sys.exit(0)
from demo import start

TOOL, ARGUMENTS, EXPECTED = "northwind_getCustomer", {"customer_id": 42}, "Baltic Instruments"


async def try_it(name, server, mode):
    async with Client(server, mode=mode, read_timeout_seconds=20) as client:
        names, cursor = [], None
        while True:
            page = await client.list_tools(cursor=cursor)
            names += [tool.name for tool in page.tools]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert TOOL in names, names
        result = await client.call_tool(TOOL, ARGUMENTS)
        assert not result.is_error, result
        assert EXPECTED in result.content[0].text, result
        refused = await client.call_tool(TOOL, {"customer_id": "x"})
        assert refused.is_error and "expected an integer" in refused.content[0].text, refused
        print(f"ok: {name}, {mode}: {len(names)} tools, version {client.protocol_version}")


async def main(wharf):
    with tempfile.TemporaryDirectory() as folder:
        process, url, config = start(wharf, pathlib.Path(folder))
        try:
            stdio = StdioServerParameters(command=wharf, args=["serve", str(config), "--stdio"])
            for mode in ["legacy", "auto", "2026-07-28"]:
                await try_it("HTTP", url, mode)
                await try_it("stdio", stdio, mode)
        finally:
            process.terminate()
            process.wait(10)


asyncio.run(main(str(pathlib.Path(sys.argv[1]).resolve())))
