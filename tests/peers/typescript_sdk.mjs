// The official TypeScript SDK against `wharf`: lists and calls a demo tool over HTTP and over stdio, with
// the package of the sessions' era (v1) and the one of both (v2).
// Usage: typescript_sdk.mjs WHARF MODULES, where MODULES is a node_modules folder that has them.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const wharf = resolve(process.argv[2]);
const require = createRequire(join(resolve(process.argv[3]), "here.js"));
const load = (name) => import(pathToFileURL(require.resolve(name)));

let packages;
try {
  const [v1, v1http, v1stdio] = await Promise.all([
    load("@modelcontextprotocol/sdk/client/index.js"),
    load("@modelcontextprotocol/sdk/client/streamableHttp.js"),
    load("@modelcontextprotocol/sdk/client/stdio.js"),
  ]);
  const [v2, v2stdio] = await Promise.all([
    load("@modelcontextprotocol/client"),
    load("@modelcontextprotocol/client/stdio"),
  ]);
  packages = [
    ["v1", v1.Client, v1http.StreamableHTTPClientTransport, v1stdio.StdioClientTransport, undefined],
    ["v2, legacy", v2.Client, v2.StreamableHTTPClientTransport, v2stdio.StdioClientTransport, "legacy"],
    ["v2, auto", v2.Client, v2.StreamableHTTPClientTransport, v2stdio.StdioClientTransport, "auto"],
  ];
} catch (error) {
  console.log(`skipped: the TypeScript SDK is not installed (${error.code})`);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "wharf-"));
const demo = spawn(wharf, ["demo", "--listen", "127.0.0.1:0"], {
  env: { XDG_STATE_HOME: folder },
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const url = await new Promise((found, lost) => {
    createInterface(demo.stdout).on("line", (line) => {
      const match = line.match(/MCP at (\S+)/);
      if (match) found(match[1]);
    });
    demo.on("exit", () => lost(new Error("the demo did not start")));
  });
  const config = join(folder, readdirSync(folder, { recursive: true }).find((name) => name.endsWith("demo.toml")));
  for (const [name, Client, Http, Stdio, mode] of packages) {
    const transports = [
      ["HTTP", () => new Http(new URL(url))],
      ["stdio", () => new Stdio({ command: wharf, args: ["serve", config, "--stdio"], stderr: "ignore" })],
    ];
    for (const [way, transport] of transports) {
      const options = mode ? { versionNegotiation: { mode } } : {};
      const client = new Client({ name: "peer", version: "1" }, options);
      await client.connect(transport());
      const { tools } = await client.listTools();
      if (!tools.some((tool) => tool.name === "northwind_getCustomer")) throw new Error("the tool is not listed");
      const result = await client.callTool({ name: "northwind_getCustomer", arguments: { customer_id: 42 } });
      if (!JSON.stringify(result).includes("Baltic Instruments")) throw new Error(JSON.stringify(result));
      await client.close();
      console.log(`ok: ${name}, ${way}: ${tools.length} tools`);
    }
  }
} finally {
  demo.kill();
  rmSync(folder, { recursive: true, force: true });
}
