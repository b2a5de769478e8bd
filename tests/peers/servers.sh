#!/usr/bin/env bash
# `wharf tools`, `call` and `inspect` against servers that others made: npm's server-everything, and ten
# lines each with PyPI's `mcp` and `fastmcp`, over stdio and HTTP, in the era that each speaks and in the
# legacy one. Usage: servers.sh WHARF, with CI_NODE, CI_MODULES, CI_PYTHON and CI_FASTMCP as
# `.ci/tools.sh` sets them.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
. .ci/tools.sh
wharf=$(realpath "$1")
PATH=$CI_NODE:$PATH
folder=$(mktemp -d)
export XDG_STATE_HOME=$folder
server=
stop() { [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null; server=; }
trap 'stop; rm -rf "$folder"' EXIT
status=0

# expect NAME PATTERN ARGUMENTS…: `wharf` succeeds and prints the pattern.
expect() {
  local name=$1 pattern=$2 printed
  shift 2
  if printed=$("$wharf" "$@" 2>"$folder/stderr") && grep -q "$pattern" <<<"$printed"; then
    echo "ok: $name: $1"
    return
  fi
  echo "FAILED: $name: wharf $*"
  head -c 2000 <<<"$printed"
  head -c 2000 "$folder/stderr"
  status=1
}

# try NAME TOOL SUM WHERE…: lists and calls the tool that adds 2 and 40, in both eras.
try() {
  local name=$1 tool=$2 sum=$3 era
  shift 3
  for era in "" "--era=legacy"; do
    expect "$name $era" 'revision  *20' inspect $era "$@"
    expect "$name $era" "^$tool" tools $era "$@"
    expect "$name $era" "$sum" call "$tool" a=2 b=40 $era "$@"
  done
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# listening COMMAND…: runs a server until the next one, once it listens at $port.
listening() {
  stop
  PORT=$port "$@" >"$folder/server.log" 2>&1 &
  server=$!
  local deadline=$((SECONDS + 30))
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    if [ $SECONDS -ge $deadline ]; then cat "$folder/server.log"; return 1; fi
    sleep 0.1
  done
}

everything=$CI_MODULES/@modelcontextprotocol/server-everything/dist/index.js
if [ -f "$everything" ]; then
  try "server-everything over stdio" get-sum 42 -- node "$everything"
  port=$(free_port)
  listening node "$everything" streamableHttp &&
    try "server-everything over HTTP" get-sum 42 --url "http://127.0.0.1:$port/mcp" || status=1
  port=$(free_port)
  listening node "$everything" sse &&
    try "server-everything over HTTP+SSE" get-sum 42 --url "http://127.0.0.1:$port/sse" || status=1
else
  echo "skipped: no server-everything below $CI_MODULES"
fi

# python NAME PYTHON FILE MODULE
python() {
  if ! "$2" -c "import $4" 2>/dev/null; then echo "skipped: PyPI \`$4\` is not installed"; return; fi
  try "$1 over stdio" add 42 -- "$2" "$3"
  port=$(free_port)
  listening "$2" "$3" "$port" && try "$1 over HTTP" add 42 --url "http://127.0.0.1:$port/mcp" || status=1
}
python mcp "$CI_PYTHON" tests/peers/mcp_server.py mcp
python FastMCP "$CI_FASTMCP" tests/peers/fastmcp_server.py fastmcp
exit $status
