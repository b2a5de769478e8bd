#!/usr/bin/env bash
# The import report: `wharf check` over the sample of real documents, beside what peers were measured
# to do on it. Skipped where the sample is not there.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
corpus=../shared/corpus/openapi
if ! [ -f "$corpus/sample.tar.gz" ]; then echo "skipped: no sample of documents at $corpus"; exit 0; fi
folder=target/ci/documents-sample
mkdir -p "$folder" && tar -xzf "$corpus/sample.tar.gz" -C "$folder" || exit 1
find "$folder" "$corpus/adversarial" -type f \( -name '*.json' -o -name '*.yaml' -o -name '*.yml' \) | sort >target/ci/documents.list
# Documents with errors make the command fail; the report says which, and why.
xargs -d '\n' target/release/wharf check --json --tools target/ci/tools.jsonl <target/ci/documents.list >target/ci/report.jsonl
# Clean: every operation a tool with a legal, unique name and a closed schema that is valid under the
# 2020-12 meta-schema and builds a validator. The test fails on the first document that is not.
cargo test --quiet -p wharf-openapi --test it corpus -- --nocapture 2>&1 | grep "documents clean" || exit 1
python3 .ci/report.py target/ci/documents.list target/ci/report.jsonl target/ci/tools.jsonl
