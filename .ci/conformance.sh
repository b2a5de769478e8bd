#!/usr/bin/env bash
# The official conformance suite against the example server and the example client, for both
# requirement sets, scored and not scored. What is not there yet stands in the baseline files of the
# server; an entry that passes fails the run. The client has no baseline.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
. .ci/tools.sh
PATH=$CI_NODE:$PATH
log=$(mktemp)
target/release/examples/conformance_server --listen 127.0.0.1:0 >"$log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; rm -f "$log"' EXIT
url=$(wait_for "$log" 'http://[0-9.:]+/mcp') || exit 1
suite=$CI_MODULES/@modelcontextprotocol/conformance/dist/index.js
status=0
# leg NAME REVISION ARGUMENT…: runs one leg, shows its end, remembers whether it passed.
leg() {
  local name=$1 revision=$2
  shift 2
  printf '\n# %s, %s\n' "$name" "$revision"
  node "$suite" "$name" --requirements "$revision" --output-dir "$CI_HOME/conformance-$name-$revision" "$@" \
    >"$CI_HOME/conformance-$name-$revision.log" 2>&1 || status=1
  tail -n 25 "$CI_HOME/conformance-$name-$revision.log"
}
for revision in 2025-11-25 2026-07-28; do
  leg server "$revision" --url "$url" \
    --expected-failures "crates/wharf/tests/conformance/baseline-$revision.yaml"
  leg client "$revision" --command "$PWD/target/release/examples/conformance_client"
done
exit $status
