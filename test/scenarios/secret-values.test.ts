import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox, type Sandbox } from "../../src/sandbox/server.ts";
import { makeFolder } from "../support/project/folder.ts";
import { makeRepository, type Repository } from "../support/project/repository.ts";
import { writeScript } from "../support/project/scripts.ts";
import { runInline } from "../support/program/inline.ts";
import { findLeaks, writeManifest, type Output } from "../support/worlds/canary.ts";

/** One app each, its number first; each is hard on some way of finding, writing or hiding a text. */
const SECRETS: readonly (readonly [string, string])[] = [
  ["800", "Canary77zq"],
  ["801", "9042"],
  ["802", "73915"],
  ["803", `it's "quoted" o''clock`],
  ["804", String.raw`C:\n\x41\\u0041`],
  ["805", "first-AAA\nsecond-BBB\r\nthird-CCC"],
  ["806", '{"a":1,"b":[true]}'],
  ["807", '","op":"delete","x":"'],
  ["808", "a,b/c?x=1&y=%41+z#;"],
  ["809", "*_md_*|<b>&amp;[x](y)~`z`@me"],
  ["810", "QmFzZTY0IHRva2VuLCBwYWRkZWQ="],
  ["811", `long-${"0123456789abcdef".repeat(12)}`],
  ["812", "two  blanks   here"],
  ["813", "tab\there-XX"],
  ["814", "</details></summary>"],
  ["815", "::error::not-one"],
  ["816", "@@ -1,1 +1,1 @@ not"],
  ["817", "-----BEGIN KEY-----\nMIIEowIBAAKC\nAQEA7bq4xkZ1\n-----END KEY-----\n"],
  ["818", "gehëim-密🗝"],
  ["819", String.raw`$&$1\d{2}^`],
  ["820", '"""quotes"""'],
  ["821", "{{braces}}{0}"],
  ["822", "CallFlowApp 800"],
  ["823", "*/ //comment /*"],
  ["824", "=cmd|' /C calc'!A0"],
  ["825", "\u001B[31mred-alert"],
  ["826", "scriptCode"],
  ["827", "apps/800.cs"],
  ["828", "nullnull"],
  ["829", "Passw0rd!"],
];
/** The number of an app is shown, of course, and its PIN is the same. */
const PIN = "4711";

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  plan: ["text", "json", "markdown"],
  drift: ["text", "json", "markdown"],
  status: ["text", "json", "markdown"],
};

let pbx: Sandbox;
let root: string;
let repository: Repository;
let env: Readonly<Record<string, string>>;
let outputs: Output[];

function scriptOf(number: string, value: string): string {
  return writeScript(`App${number}`).replace(
    "MyCall.Return",
    () => `var mode = "${value}";\n            MyCall.Return`,
  );
}

function write(name: string, text: string): void {
  writeFileSync(path.join(root, name), text);
}

const nameOf = (number: string): string => `MODE_${number}`;
const all = [...SECRETS, [PIN, PIN] as const];

async function run(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const ran = await runInline(args, { cwd: root, env: environment });
  const where = args.join(" ");
  outputs.push({ where: `stdout of ${where}`, text: ran.stdout });
  outputs.push({ where: `stderr of ${where}`, text: ran.stderr });
  return ran;
}

/** Every format of a command, JSON parsed; with a log, and of a plan a file. Gives what it says as text. */
async function look(
  environment: Readonly<Record<string, string>>,
  command: string,
  ...args: string[]
) {
  let text = "";
  for (const format of FORMATS[command] ?? []) {
    const out = command === "plan" ? ["--out", `out-${outputs.length}.json`] : [];
    const log = ["--log-file", `out-${outputs.length}.ndjson`];
    const ran = await run(environment, command, "--format", format, ...out, ...log, ...args);
    expect(ran.code, ran.stderr).not.toBe(1);
    if (format === "json") expect(() => JSON.parse(ran.stdout) as unknown).not.toThrow();
    if (format === "text") text = ran.stdout;
  }
  return text;
}

function expectNoLeaks(secrets: readonly string[]): void {
  const files = readdirSync(root).filter((name) => name.startsWith("out-"));
  const left = files.map((where) => ({
    where,
    text: readFileSync(path.join(root, where), "utf8"),
  }));
  for (const { where, text } of left)
    for (const line of where.endsWith(".ndjson") ? text.trimEnd().split("\n") : [text])
      expect(() => JSON.parse(line) as unknown, where).not.toThrow();
  // What is the name of something that is shown anyway is looked at below.
  const hidden = secrets.filter(
    (secret) => !["scriptCode", "CallFlowApp 800", "apps/800.cs"].includes(secret),
  );
  expect(findLeaks([...outputs, ...left], hidden)).toEqual([]);
}

/** Every app is told by its own number, whatever is secret. */
function expectAll(text: string, op: string): void {
  for (const [number] of all) expect(text).toContain(`${op} CallFlowApp ${number}`);
  expect(text).not.toMatch(/CallFlowApp \(secret\)/);
}

beforeAll(async () => {
  pbx = await startSandbox({ seed: { compile: { delay: 1 } } });
  outputs = [];
  const files = all.flatMap(([number]) => [
    [
      `apps/${number}.yaml`,
      writeManifest(number, `  name: app ${number}\n  scriptFile: ${number}.cs\n`),
    ],
    [`apps/${number}.cs`, scriptOf(number, `\${secret:${nameOf(number)}}`)],
  ]);
  // It lives through all tests of the file.
  root = mkdtempSync(path.join(tmpdir(), "callform-secrets-"));
  mkdirSync(path.join(root, "apps"));
  write("callform.yaml", "apiVersion: callform/v1\nkind: Project\ntargets: { pbx: {} }\n");
  for (const [name = "", text = ""] of files) write(name, text);
  env = {
    CALLFORM_URL: pbx.url,
    CALLFORM_CLIENT_ID: pbx.clientId,
    CALLFORM_CLIENT_SECRET: pbx.clientSecret,
    ...Object.fromEntries(all.map(([number, value]) => [nameOf(number), value])),
  };
  repository = makeRepository(root);
});

afterAll(async () => {
  await pbx.close();
  rmSync(root, { recursive: true, force: true });
});

describe("thirty secrets that are hard to hide", () => {
  const values = SECRETS.map(([, value]) => value);

  it("are not shown when they are added", async () => {
    expectAll(await look(env, "plan"), "create");
    const applied = await run(env, "apply", "--yes", "--log-file", "out-apply.ndjson");
    expect(applied.code, applied.stderr).toBe(0);
    for (const [number, value] of SECRETS) {
      const code = String(pbx.console.get(number)?.runnable);
      const [, literal = ""] = /var mode = ("(?:[^"\\]|\\.)*");/.exec(code) ?? [];
      expect(JSON.parse(literal), number).toBe(value);
    }
    expectNoLeaks(values);
  });

  it("are not shown while they are kept, nor pulled", async () => {
    const base = repository.commit("with secrets");
    expect(await look(env, "plan")).toContain("No changes");
    expect(await look(env, "plan", "--base", base)).toContain("No changes");
    await look(env, "drift");
    await look(env, "status");
    const pulled = await run(env, "pull");
    expect(pulled.stdout).toContain("nothing to write");
    expectNoLeaks(values);
  });

  it("are not shown when they are changed", async () => {
    const changed = Object.fromEntries(
      all.map(([number, value]) => [nameOf(number), `${value}-changed`]),
    );
    expectAll(await look({ ...env, ...changed }, "plan"), "update");
    expectAll(await look({ ...env, ...changed }, "drift"), "update");
    expectNoLeaks([...values, ...values.map((value) => `${value}-changed`)]);
  });

  it("are not shown when their references are gone", async () => {
    const base = repository.git("rev-parse", "HEAD");
    for (const [number] of all) write(`apps/${number}.cs`, scriptOf(number, "day"));
    const { CALLFORM_URL = "", CALLFORM_CLIENT_ID = "", CALLFORM_CLIENT_SECRET = "" } = env;
    const without = { CALLFORM_URL, CALLFORM_CLIENT_ID, CALLFORM_CLIENT_SECRET };
    for (const environment of [env, without]) {
      const plan = await look(environment, "plan");
      expectAll(plan, "update");
      expect(plan.split('-            var mode = "(secret)";').length).toBeGreaterThan(25);
      expect(plan.split('+            var mode = "day";')).toHaveLength(all.length + 1);
      expectAll(await look(environment, "drift"), "update");
      await look(environment, "status");
    }
    expectAll(await look(env, "plan", "--base", base), "update");
    expectNoLeaks(values);
  });

  it("would be found if they were shown", () => {
    outputs = [{ where: "here", text: `- var x = "${SECRETS[0]?.[1]}"` }];
    expect(() => expectNoLeaks(SECRETS.map(([, value]) => value))).toThrow("Canary77zq");
  });
});

describe("a secret that no mask can keep", () => {
  const WEAK = [
    "1",
    "12",
    "910",
    " a ",
    "true",
    "null",
    "NULL",
    "name",
    "secret",
    "CallFlowApp",
    "update",
  ];

  it.each(WEAK)(
    "is refused with its place and the reason, and not shown: %j",
    { timeout: 60_000 },
    async (value) => {
      const weak = makeFolder({
        "callform.yaml": "apiVersion: callform/v1\nkind: Project\ntargets: { pbx: {} }\n",
        "apps/910.yaml": writeManifest("910", "  name: plain\n  scriptFile: 910.cs\n"),
        "apps/910.cs": scriptOf("910", "${secret:TOKEN}"),
      });
      const ran = await runInline(["plan", "--format", "json"], {
        cwd: weak.root,
        env: { ...env, TOKEN: value },
      });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(
        /910\.cs:\d+:\d+ +error +weak-secret .*TOKEN\} cannot be kept secret: it /s,
      );
      expect(ran.stderr).not.toContain("(secret)");
    },
  );
});
