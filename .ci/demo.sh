#!/usr/bin/env bash
# The README's first command, and the lines that it prints to be pasted: each must work.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
. .ci/tools.sh
folder=$(mktemp -d)
export XDG_STATE_HOME=$folder
start=$(date +%s%N)
cargo run --quiet --release -- demo --listen 127.0.0.1:0 >"$folder/log" 2>&1 &
demo=$!
trap 'kill $demo 2>/dev/null; wait $demo 2>/dev/null; rm -rf "$folder"' EXIT
wait_for "$folder/log" 'http://[0-9.:]+/mcp' >/dev/null || exit 1
echo "up after $((($(date +%s%N) - start) / 1000000)) ms"
cat "$folder/log"
PATH=$PWD/target/release:$PATH
status=0 lines=0
while read -r line; do
  lines=$((lines + 1))
  if bash -c "$line" >"$folder/out" 2>&1; then echo "ok: $line"; else
    echo "FAILED: $line"
    cat "$folder/out"
    status=1
  fi
done < <(grep -oE 'wharf call .*' "$folder/log" | sed 's/ *#.*//')
echo "$lines lines tried"
[ "$lines" -ge 3 ] && [ $status = 0 ]
