"""The table of the import report, from what `wharf check --json --tools` wrote. Fails on what must
never be: a document without a line, a name that is illegal or there twice, an operation that is neither
a tool nor explained."""

import collections
import json
import re
import sys

wanted = open(sys.argv[1]).read().splitlines()
report = [json.loads(line) for line in open(sys.argv[2])]
names = collections.defaultdict(list)
tools, composed, keys = 0, 0, 0
for line in open(sys.argv[3]):
    tool = json.loads(line)
    tools += 1
    names[tool["file"]].append(tool["name"])
    schema = tool["inputSchema"]
    composed += schema.get("type") != "object" or any(word in schema for word in ("oneOf", "anyOf", "allOf"))
    keys += any(not re.fullmatch(r"[a-zA-Z0-9_.-]{1,64}", key) for key in schema.get("properties", {}))

legal = re.compile(r"[a-zA-Z0-9_-]{1,64}")
illegal = sum(not legal.fullmatch(name) for group in names.values() for name in group)
twice = sum(len(group) - len(set(group)) for group in names.values())
read = [row for row in report if row["dialect"]]
operations = sum(row["operations"] for row in report)
errors = [row for row in report if any(d["severity"] == "error" for d in row["diagnostics"])]
silent = [row["file"] for row in report if row["tools"] < row["operations"] and not row["diagnostics"]]
missing = sorted(set(wanted) - {row["file"] for row in report})
seconds = sum(row["seconds"] for row in report)
peak = max((row["peak_bytes"] or 0) for row in report)

print(f"{'documents':28}{len(report)} ({len(read)} read)")
print(f"{'operations':28}{operations}")
print(f"{'tools':28}{tools} ({100 * tools / max(operations, 1):.1f} %)")
print(f"{'roots that are composed':28}{composed}")
print(f"{'keys a provider refuses':28}{keys}")
print(f"{'illegal names':28}{illegal}")
print(f"{'names there twice':28}{twice}")
print(f"{'documents with errors':28}{len(errors)}")
print(f"{'seconds':28}{seconds:.2f}")
print(f"{'peak memory':28}{peak / 2**20:.0f} MiB")
print("\nPeers on the same sample (documents, operations, clean documents), as measured for the design:")
print("FastMCP 4.1.6 73 % 80 % 59 %; openapi-mcp-generator 4.0.1 93 % 96 % 60 %; rmcp-openapi 0.32.1 56 % 55 % 30 %;")
print("mcp-openapi-proxy 0.4.0 100 % 93 % 21 %")
print("\nDocuments with errors:")
for row in errors[:40]:
    first = next(d for d in row["diagnostics"] if d["severity"] == "error")
    print(f"  {row['file'].rsplit('/', 1)[-1]}: [{first['code']}] {first['message'][:120]}")

broken = [f"no line for {file}" for file in missing] + [f"silently lost operations: {file}" for file in silent]
broken += [f"{illegal} illegal names"] * (illegal > 0) + [f"{twice} names twice"] * (twice > 0)
broken += [f"{composed} composed roots"] * (composed > 0) + [f"{keys} refused keys"] * (keys > 0)
for line in broken[:20]:
    print("FAILED:", line)
sys.exit(bool(broken))
