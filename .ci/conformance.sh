#!/usr/bin/env bash
# The official conformance suite against the example server, for both requirement sets. What is not
# there yet stands in the baseline files; an entry that passes fails the run.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
. .ci/tools.sh
PATH=$CI_NODE:$PATH
log=$(mktemp)
target/release/examples/conformance_server --listen 127.0.0.1:0 >"$log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; rm -f "$log"' EXIT
url=$(wait_for "$log" 'http://[0-9.:]+/mcp') || exit 1
status=0
for revision in 2025-11-25 2026-07-28; do
  echo "# $revision"
  node "$CI_MODULES/@modelcontextprotocol/conformance/dist/index.js" server --url "$url" \
    --requirements "$revision" --output-dir "$CI_HOME/conformance-$revision" \
    --expected-failures "crates/wharf-wire/tests/conformance/baseline-$revision.yaml" \
    >"$CI_HOME/conformance-$revision.log" 2>&1 || status=1
  tail -n 40 "$CI_HOME/conformance-$revision.log"
done
exit $status
