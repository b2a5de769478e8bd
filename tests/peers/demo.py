"""A running `wharf demo`, for the peers that are written in Python."""

import re
import subprocess
import time


def start(wharf, folder):
    """Starts the demo with its state in `folder`; returns the process, its MCP address and its config."""
    log = folder / "demo.log"
    process = subprocess.Popen(
        [wharf, "demo", "--listen", "127.0.0.1:0"],
        stdout=open(log, "w"),
        stderr=subprocess.STDOUT,
        env={"XDG_STATE_HOME": str(folder), "PATH": ""},
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = re.search(r"http://[\d.:]+/mcp", log.read_text())
        if found:
            return process, found.group(), next(folder.rglob("demo.toml"))
        time.sleep(0.1)
    process.kill()
    raise SystemExit("the demo did not start:\n" + log.read_text())
