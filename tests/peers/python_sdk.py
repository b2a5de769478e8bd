"""The official Python SDK against `wharf`: lists and calls a demo tool over HTTP and over stdio, in
both eras. Usage: python_sdk.py WHARF, with PyPI's `mcp` installed."""

import asyncio
import pathlib
import re
import subprocess
import sys
import tempfile
import time

try:
    from mcp import Client, StdioServerParameters
except ImportError:
    print("skipped: PyPI `mcp` is not installed")
    sys.exit(0)

TOOL, ARGUMENTS, EXPECTED = "northwind_getCustomer", {"customer_id": 42}, "Baltic Instruments"


def demo(wharf, folder):
    """Starts the demo; returns the process, its MCP address and its config."""
    log = open(folder / "demo.log", "w+")
    process = subprocess.Popen(
        [wharf, "demo", "--listen", "127.0.0.1:0"],
        stdout=log,
        stderr=subprocess.STDOUT,
        env={"XDG_STATE_HOME": str(folder), "PATH": ""},
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = re.search(r"http://[\d.:]+/mcp", (folder / "demo.log").read_text())
        if found:
            return process, found.group(), next(folder.rglob("demo.toml"))
        time.sleep(0.1)
    process.kill()
    raise SystemExit("the demo did not start:\n" + (folder / "demo.log").read_text())


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
        process, url, config = demo(wharf, pathlib.Path(folder))
        try:
            stdio = StdioServerParameters(command=wharf, args=["serve", str(config), "--stdio"])
            for mode in ["legacy", "auto", "2026-07-28"]:
                await try_it("HTTP", url, mode)
                await try_it("stdio", stdio, mode)
        finally:
            process.terminate()
            process.wait(10)


asyncio.run(main(str(pathlib.Path(sys.argv[1]).resolve())))
