import { spawn } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { treeAt, type Tree } from "../support/contract/spec/tree.ts";
import { makeFolder } from "../support/project/folder.ts";
import { TINY_SOURCE } from "./tiny-spec.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CONFIG = {
  root: ROOT,
  cacheDir: "node_modules/.vite/contract-run",
  test: {
    include: ["test/contract/observed.case.ts"],
    globalSetup: ["test/support/contract/record/run.ts"],
    setupFiles: ["test/support/contract/record/observer.ts"],
  },
};

interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** A run of its own, in which one test passes, against that description. */
async function runAgainst(source: unknown): Promise<Finished> {
  const folder = makeFolder({
    "vitest.config.mjs": `export default ${JSON.stringify(CONFIG)}`,
    "api.yaml": JSON.stringify(source),
  });
  const vitest = path.join(ROOT, "node_modules/vitest/vitest.mjs");
  const config = path.join(folder.root, "vitest.config.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--config", config], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      NO_COLOR: "1",
      CALLFORM_XAPI_SPEC: path.join(folder.root, "api.yaml"),
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, output };
}

/** A description of nothing but departments, with those properties. */
function describeGroups(properties: Tree): Tree {
  const group = { type: "object", title: "Group", properties };
  const page = {
    type: "object",
    properties: { "@odata.count": { type: "integer" }, value: { type: "array", items: group } },
  };
  const names = ["$select", "$orderby", "$top", "$count"];
  const parameters = names.map((name) => ({ name, in: "query", schema: { type: "string" } }));
  const content = { "application/json": { schema: page } };
  const get = { parameters, responses: { 200: { content } } };
  const { schemas: _schemas, ...components } = treeAt(TINY_SOURCE, "components");
  return { components, paths: { "/Groups": { get } } };
}

describe("a run whose tests all pass", () => {
  it("passes while nothing breaks the contract, and prints what was exercised", async () => {
    const properties = { Id: { type: "integer" }, Name: { type: "string" } };
    const { code, output } = await runAgainst(describeGroups(properties));
    expect(output).toMatch(/Tests +1 passed/u);
    expect(output).toMatch(/GET \/Groups +client 1, others 0 +200/u);
    expect(output).toContain("Group: 2 of 2; client asked 2, sent 0");
    expect(output).toContain("no violation of the contract");
    expect(code).toBe(0);
  });

  it("fails all the same when a request or an answer breaks it, and says which", async () => {
    const { code, output } = await runAgainst(describeGroups({ Id: { type: "integer" } }));
    expect(output).toMatch(/Tests +1 passed/u);
    expect(output).toContain("GET /Groups: request: $select: Name is no property of Group");
    expect(output).toContain(
      'GET /Groups: answer 200, value[0].Name: is no property of it; the value is "DEFAULT"',
    );
    expect(output).toContain("once in test/contract/observed.case.ts: reads the departments");
    expect(code).toBe(1);
  });

  it("fails when the contract itself cannot be read", async () => {
    const { code, output } = await runAgainst({ paths: {} });
    expect(output).toMatch(/Tests +1 passed/u);
    expect(output).toContain("api.yaml describes no operation");
    expect(code).toBe(1);
  });
});
