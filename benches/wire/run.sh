#!/usr/bin/env bash
# The benchmark of the wire: see README.md. The load stays on core 1, contestants on core 0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/wire"
seconds=5
[ "${1:-}" = --quick ] && seconds=2
cargo build --quiet --release
exec taskset -c 1 target/release/bench-wire run "$seconds"
