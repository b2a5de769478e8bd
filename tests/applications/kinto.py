"""Kinto, an application that nobody here wrote: started, imported from its own Swagger 2.0 document, and
read and written through tools. Usage: kinto.py WHARF, with PyPI's `kinto` installed beside this Python."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

KINTO = pathlib.Path(sys.executable).with_name("kinto")
INI = """
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = %(port)d
[app:main]
use = egg:kinto
kinto.includes = kinto.plugins.default_bucket kinto.plugins.accounts
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
kinto.bucket_create_principals = system.Authenticated
kinto.account_create_principals = system.Everyone
multiauth.policies = account
multiauth.policy.account.use = kinto.plugins.accounts.authentication.AccountsAuthenticationPolicy
kinto.paginate_by = 3
"""
CONFIG = """
[server]
store = "sqlite:audit.db"

[upstream.kinto]
openapi = "http://127.0.0.1:%(port)d/v1/__api__"
auth = { basic = { username = "alice", password = "${env:KINTO_PASSWORD}" } }
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def request(method, url, body=None):
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(asked, timeout=5) as answer:
        return json.load(answer)


class Wharf:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.environment = {**os.environ, "KINTO_PASSWORD": "s3cret"}

    def run(self, *arguments):
        return subprocess.run(
            [self.binary, *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60
        )

    def call(self, tool, fails=False, **arguments):
        ran = self.run("call", tool, "--config", "wharf.toml", "--json", "--args", json.dumps(arguments))
        assert (ran.returncode != 0) == fails, f"{tool} {arguments}: {ran.stdout}{ran.stderr}"
        return json.loads(ran.stdout)


def main(wharf):
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "kinto.ini").write_text(INI % {"port": port})
        (folder / "wharf.toml").write_text(CONFIG % {"port": port})
        log = open(folder / "kinto.log", "w")
        kinto = subprocess.Popen(
            [KINTO, "start", "--ini", "kinto.ini", "--port", str(port)], cwd=folder, stdout=log, stderr=log
        )
        try:
            base = f"http://127.0.0.1:{port}/v1"
            deadline = time.monotonic() + 60
            while True:
                try:
                    request("GET", base + "/")
                    break
                except OSError:
                    if time.monotonic() > deadline or kinto.poll() is not None:
                        raise SystemExit("kinto did not start:\n" + (folder / "kinto.log").read_text())
                    time.sleep(0.2)
            request("PUT", base + "/accounts/alice", {"data": {"password": "s3cret"}})
            drive(Wharf(wharf, folder))
        finally:
            kinto.terminate()
            kinto.wait(10)


def drive(wharf):
    listed = wharf.run("tools", "wharf.toml", "--json")
    assert listed.returncode == 0, listed.stderr
    print(f"ok: {listed.stdout.count('inputSchema')} tools from Kinto's own document")

    wharf.call("kinto_update_bucket", id="harbour")
    wharf.call("kinto_update_collection", bucket_id="harbour", id="ships")
    place = {"bucket_id": "harbour", "collection_id": "ships"}
    for number in range(5):
        wharf.call("kinto_update_record", **place, id=f"ship-{number}", data={"name": f"Vessel {number}"})
    print("ok: wrote a bucket, a collection and five records")

    record = wharf.call("kinto_get_record", **place, id="ship-3")
    assert record["structuredContent"]["data"]["name"] == "Vessel 3", record
    print("ok: read one back")

    page = wharf.call("kinto_get_records", **place)
    assert len(page["structuredContent"]["data"]) == 3, page
    assert "next" in json.dumps(page["content"]).lower(), page
    print("ok: a page of three says that there is a next one")

    version = record["structuredContent"]["data"]["last_modified"]
    wharf.call("kinto_update_record", **place, id="ship-3", data={"name": "Renamed"})
    stale = {"If-Match": f'"{version}"'}
    conflict = wharf.call("kinto_update_record", fails=True, **place, id="ship-3", data={"name": "Lost"}, **stale)
    assert conflict["structuredContent"]["status"] == 412, conflict
    print("ok: a write on a stale version is a conflict (412)")

    missing = wharf.call("kinto_get_record", fails=True, **place, id="no-such-ship")
    assert missing["structuredContent"]["status"] == 404, missing
    wharf.call("kinto_delete_record", **place, id="ship-4")
    wharf.call("kinto_get_record", fails=True, **place, id="ship-4")
    print("ok: a missing record is an error, a deleted one is gone")


if not KINTO.exists():
    print("skipped: PyPI `kinto` is not installed")
    sys.exit(0)
main(str(pathlib.Path(sys.argv[1]).resolve()))
