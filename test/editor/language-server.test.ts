import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { schemaModeline, SCHEMAS_URL } from "../../src/app/project/schemas.ts";
import { composeStarter } from "../../src/app/starter/compose.ts";
import { makeFolder } from "../support/project/folder.ts";
import {
  startLanguageServer,
  type LanguageServer,
  type Position,
} from "../support/program/language-server.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const EXAMPLES = path.join(ROOT, "examples");

/** Every document of the examples that Callform reads. */
const DOCUMENTS = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll(path.sep, "/"))
  .filter((name) => /^[^/]+\/(callform|apps\/.*|overlays\/.*)\.ya?ml$/.test(name));

function readExample(name: string): string {
  return readFileSync(path.join(EXAMPLES, name), "utf8");
}

/** What the server finds in a text that stands where the example does. */
async function judge(name: string, text: string): Promise<readonly [string, readonly string[]]> {
  const found = await server.open(path.join(EXAMPLES, name), text);
  return [name, found.map(({ message }) => message)];
}

let server: LanguageServer;
beforeAll(async () => {
  server = await startLanguageServer(ROOT);
});
afterAll(() => server.close());

let opened = 0;

/**
 * Opens a text with a mark `|` in it as a file beside the manifests of an example, and says where the mark was.
 */
async function openAt(marked: string, kind = "CallFlowApp") {
  opened += 1;
  const [before = "", after = ""] = marked.split("|");
  const file = path.join(ROOT, `examples-${opened}.yaml`);
  const text = `${schemaModeline(kind, "any.yaml", true)}\n${before}${after}`;
  const found = await server.open(file, text);
  const lines = `\n${before}`.split("\n");
  const at: Position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return { file, found, at };
}

const APP = `apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: "806"
spec:
  name: one
`;

describe("the documents of the examples in an editor", () => {
  it("are there, all kinds of them", () => {
    const kinds = DOCUMENTS.map((name) => /^kind: (\w+)/m.exec(readExample(name))?.[1] ?? name);
    expect([...new Set(kinds)].toSorted()).toEqual(["CallFlowApp", "Overlay", "Project"]);
  });

  it("are without a mistake", async () => {
    expect(await Promise.all(DOCUMENTS.map((name) => judge(name, readExample(name))))).toEqual(
      DOCUMENTS.map((name) => [name, []]),
    );
  });

  it("are not without one for want of a schema, in any document of a file", async () => {
    const spoil = (text: string): string => text.replaceAll(/^kind: /gm, "nonsense: 1\nkind: ");
    const judged = await Promise.all(
      DOCUMENTS.map((name) => judge(`${name}.wrong.yaml`, spoil(readExample(name)))),
    );
    const count = (name: string): number => readExample(name).match(/^kind: /gm)?.length ?? 0;
    const message = "Property nonsense is not allowed.";
    expect(judged).toEqual(
      DOCUMENTS.map((name) => [
        `${name}.wrong.yaml`,
        Array.from({ length: count(name) }, () => message),
      ]),
    );
  });

  it("ask nothing of the network", () => {
    expect(server.reached).toEqual([]);
  });
});

describe("a starter project in an editor without a network", () => {
  it("is without a mistake, and one that is made is seen", async () => {
    const files = await composeStarter({ target: "production", url: undefined, example: true });
    const folder = makeFolder(Object.fromEntries(files.map(({ name, text }) => [name, text])));
    for (const name of ["callform.yaml", "apps/hello.yaml"]) {
      const text = folder.read(name);
      expect(await server.open(folder.path(name), text)).toEqual([]);
      const broken = text.replace(/^(kind|spec):/m, "$1x:");
      expect(await server.open(folder.path(`${name}.yaml`), broken)).not.toEqual([]);
    }
    expect(server.reached).toEqual([]);
  });
});

describe("completion", () => {
  it("offers the values of a setting, each with what it means", async () => {
    const { file, at } = await openAt(`${APP}  routingType: |\n`);
    const items = await server.complete(file, at);
    expect(items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["DialCode", "Forward", "Trunk"]),
    );
    for (const { documentation } of items) expect(documentation).toBeTruthy();
  });

  it("offers the settings that are not there yet, with what they are", async () => {
    const { file, at } = await openAt(`${APP}  |\n`);
    const items = await server.complete(file, at);
    const labels = items.map(({ label }) => label);
    expect(labels).toEqual(
      expect.arrayContaining(["routingType", "transcriptionMode", "scriptFile", "groups", "trunk"]),
    );
    expect(labels).not.toContain("name");
    for (const { documentation } of items) expect(documentation).toBeTruthy();
  });

  it("offers the roles of a department, and what a target may say", async () => {
    const roles = await openAt(`${APP}  groups:\n    - name: DEFAULT\n      role: |\n`);
    const items = await server.complete(roles.file, roles.at);
    expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(["users", "managers"]));
    const project = "apiVersion: callform/v1\nkind: Project\ntargets:\n  berlin:\n    |\n";
    const target = await openAt(project, "Project");
    const keys = await server.complete(target.file, target.at);
    expect(keys.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["url", "clientId", "clientSecret", "variables", "policy"]),
    );
  });

  it("begins an empty document with what every document needs", async () => {
    const { file, at } = await openAt("|");
    const items = await server.complete(file, at);
    const labels = items.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(["apiVersion", "kind", "metadata", "spec"]));
  });
});

describe("pointing at a word", () => {
  it("shows what the setting is", async () => {
    const { file, at } = await openAt(`${APP}  routing|Type: Forward\n`);
    const text = await server.hover(file, at);
    expect(text).toContain("Routing type");
    expect(text).toContain("What starts the script");
    for (const value of ["DialCode", "Forward", "Trunk"]) expect(text).toContain(value);
    expect(text).toContain("Somebody dials the number as a code.");
  });

  it("shows it in a project file and in an overlay too", async () => {
    const policy = "targets:\n  berlin:\n    policy:\n      pr|une: never\n";
    const project = await openAt(`apiVersion: callform/v1\nkind: Project\n${policy}`, "Project");
    expect(await server.hover(project.file, project.at)).toContain("removed from Git");
    const patch = 'patches:\n  - kind: CallFlowApp\n    number: "806"\n    dr|op: true\n';
    const overlay = await openAt(`apiVersion: callform/v1\nkind: Overlay\n${patch}`, "Overlay");
    expect(await server.hover(overlay.file, overlay.at)).toContain("does not have the app");
  });
});

describe("a mistake", () => {
  /** What is written below the app, and what is said of it, where. */
  const MISTAKES: Readonly<Record<string, readonly [string, string]>> = {
    "a wrong key": ["  |routingTyp: Forward\n", "Property routingTyp is not allowed."],
    "a wrong value": [
      "  routingType: |Forwards\n",
      'Value is not accepted. Valid values: "DialCode", "Forward", "Trunk", null.',
    ],
    "a number for text": ["  scriptFile: |5\n", 'Incorrect type. Expected "string".'],
    "a value that the PBX writes": [
      "  |isRegistered: true\n",
      "Property isRegistered is not allowed.",
    ],
    "a blank script": [
      '  scriptCode: |" "\n',
      "must not be blank: an app without a script answers no calls",
    ],
    "a missing key": ["  groups:\n    - |role: users\n", 'Missing property "name".'],
  };

  it("is marked where it stands, and said in words", async () => {
    const cases = Object.entries(MISTAKES);
    const marked = await Promise.all(
      cases.map(async ([name, [text]]) => {
        const { found, at } = await openAt(APP + text);
        return [name, at, found.map(({ message, range }) => [message, range.start])] as const;
      }),
    );
    expect(marked).toEqual(
      cases.map(([name, [, message]], index) => {
        const at = marked[index]?.[1];
        return [name, at, [[message, at]]];
      }),
    );
  });

  it("is marked in each document of a file that has a first line of its own", async () => {
    const again = schemaModeline("CallFlowApp", "any.yaml", true);
    const { found } = await openAt(`${APP}  x: 1\n---\n${again}\n${APP}  y: 1\n`);
    expect(found.map(({ message, range }) => [message, range.start.line])).toEqual([
      ["Property x is not allowed.", 7],
      ["Property y is not allowed.", 16],
    ]);
  });

  it("is none where a reference stands for the value", async () => {
    const project = `apiVersion: callform/v1
kind: Project
targets:
  berlin:
    url: https://\${env:HOST}:5001
    policy: { prune: "\${env:PRUNE}", protect: ["\${env:FIRE}"], scratchNumber: "\${env:SCRATCH}" }
`;
    const app = APP.replace("806", "${var:NUMBER}").replace("one", "${var:NAME}");
    const more = "  routingType: ${var:ROUTING}\n  transcriptionMode: ${var:MODE}\n";
    const groups = '  groups: [{ name: A, role: "${var:ROLE}" }]\n';
    expect((await openAt(project, "Project")).found).toEqual([]);
    expect((await openAt(app + more + groups)).found).toEqual([]);
    const misspelt = await openAt(`${APP}  routingType: |\${Var:ROUTING}\n`);
    expect(misspelt.found.map(({ range }) => range.start)).toEqual([misspelt.at]);
  });
});

describe("a schema from the network", () => {
  it("is found by address, and its absence is told", async () => {
    const { url } = await serveSchemas();
    const { root } = makeFolder();
    const online = await startLanguageServer(root);
    onTestFinished(() => online.close());
    const line = schemaModeline("Project", "x.yaml", false);
    expect(line).toContain(SCHEMAS_URL);
    const text = "apiVersion: callform/v1\nkind: Project\nx: 1\n";
    const served = line.replace(SCHEMAS_URL, `${url}/schemas/`);
    const found = await online.open(path.join(root, "served.yaml"), `${served}\n${text}`);
    expect(found.map(({ message }) => message)).toEqual(["Property x is not allowed."]);
    expect(online.reached).toEqual([]);
    const missing = await online.open(path.join(root, "missing.yaml"), `${line}\n${text}`);
    expect(missing[0]?.message).toContain("Unable to load schema");
    expect(online.reached).toEqual([new URL(SCHEMAS_URL).host]);
  });

  it("is found through the catalogue by the names of files alone", async () => {
    const { url } = await serveSchemas();
    const { root } = makeFolder();
    const online = await startLanguageServer(root, `${url}/schemas/catalog.json`);
    onTestFinished(() => online.close());
    for (const [name, kind] of [
      ["callform.yaml", "Project"],
      ["apps/one.callform.yaml", "CallFlowApp"],
      ["overlays/berlin.callform-overlay.yml", "Overlay"],
    ] as const) {
      const text = `apiVersion: callform/v1\nkind: ${kind}\nx: 1\n`;
      const found = await online.open(path.join(root, name), text);
      const messages = found.map(({ message }) => message);
      expect([name, messages]).toEqual([
        name,
        expect.arrayContaining(["Property x is not allowed."]),
      ]);
    }
    expect(await online.open(path.join(root, "apps/other.yaml"), "x: 1\n")).toEqual([]);
  });
});

/** The schemas as the network would serve them, under an address of this machine. */
async function serveSchemas(): Promise<{ url: string }> {
  let url = "";
  const http = createServer(({ url: asked = "" }, response) => {
    const file = path.join(ROOT, "schemas", path.posix.basename(asked));
    response.end(readFileSync(file, "utf8").replaceAll(SCHEMAS_URL, `${url}/schemas/`));
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    http.close();
  });
  const address = http.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  return { url };
}
