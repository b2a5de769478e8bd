#!/usr/bin/env bash
# The official Inspector's command line against `wharf`: lists and calls a demo tool over HTTP and over
# stdio. Usage: inspector.sh WHARF, with CI_NODE and CI_MODULES as `.ci/tools.sh` sets them.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
. .ci/tools.sh
wharf=$(realpath "$1")
PATH=$CI_NODE:$PATH
if ! [ -x "$CI_MODULES/.bin/mcp-inspector" ]; then echo "skipped: no Inspector below $CI_MODULES"; exit 0; fi
folder=$(mktemp -d)
export XDG_STATE_HOME=$folder
"$wharf" demo --listen 127.0.0.1:0 >"$folder/demo.log" 2>&1 &
demo=$!
trap 'kill $demo 2>/dev/null; wait $demo 2>/dev/null; rm -rf "$folder"' EXIT
url=$(wait_for "$folder/demo.log" 'http://[0-9.:]+/mcp') || exit 1
config=$(find "$folder" -name demo.toml)

inspect() { "$CI_MODULES/.bin/mcp-inspector" --cli "$@"; }
# expect NAME PATTERN COMMAND…: the command succeeds and prints the pattern.
expect() {
  local name=$1 pattern=$2 printed
  shift 2
  printed=$("$@" 2>"$folder/stderr")
  if [ $? = 0 ] && grep -q "$pattern" <<<"$printed"; then echo "ok: $name"; return; fi
  echo "FAILED: $name"
  head -c 2000 <<<"$printed"
  head -c 2000 "$folder/stderr"
  status=1
}
status=0
call=(--method tools/call --tool-name northwind_getCustomer --tool-arg customer_id=42)
expect "lists over HTTP" northwind_getCustomer inspect "$url" --transport http --method tools/list
expect "calls over HTTP" "Baltic Instruments" inspect "$url" --transport http "${call[@]}"
expect "finds every schema portable" northwind_getCustomer inspect "$url" --transport http --method tools/list --strict
expect "lists over stdio" northwind_getCustomer inspect "$wharf" serve "$config" --stdio --method tools/list
expect "calls over stdio" "Baltic Instruments" inspect "$wharf" serve "$config" --stdio "${call[@]}"
exit $status
