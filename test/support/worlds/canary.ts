import { readdirSync, readFileSync } from "node:fs";
import { startSandbox, type Sandbox } from "../../../src/sandbox/server.ts";
import type { Fault } from "../../../src/sandbox/faults/read.ts";
import { makeFolder, type Folder } from "../project/folder.ts";
import { runInline } from "../program/inline.ts";
import { makeRepository, type Repository } from "../project/repository.ts";
import { writeScript } from "../project/scripts.ts";

/** A secret for every place a value can come from, all of one flavour. */
export interface Canaries {
  readonly client: string;
  readonly digest: string;
  readonly file: string;
  readonly inline: string;
  readonly name: string;
  readonly group: string;
}

const PLACES = ["client", "digest", "file", "inline", "name", "group"] as const;

/** How secrets are made up: each flavour is hard on one way of writing a text down. */
export const FLAVOURS: Readonly<Record<string, (place: string) => string>> = {
  "a plain word": (place) => `Canary${place}77zq`,
  "a short one": (place) => `Q${place.slice(0, 2).toUpperCase()}9`,
  quotes: (place) => `it's "${place}" o''clock`,
  backslashes: (place) => `C:\\n\\${place}\\\\x\\u0041`,
  "several lines": (place) => `BEGIN ${place} KEY\n  line two of ${place}\r\nlast of ${place}`,
  Unicode: (place) => `gehëim-${place}-密🗝`,
  "what URLs escape": (place) => `a,b/${place}?x=1&y=%41+z#;`,
  "what Markdown escapes": (place) => `*_${place}_*|<b>&amp;[x](y)~\`${place}\`@me`,
  base64: (place) => Buffer.from(`${place} of a token, padded`).toString("base64"),
  "a long one": (place) => `${place}-${"0123456789abcdef".repeat(12)}`,
  "blanks in a row": (place) => `two  blanks   in ${place}\there`,
};

export function makeCanaries(write: (place: string) => string): Canaries {
  return Object.fromEntries(PLACES.map((place) => [place, write(place)])) as unknown as Canaries;
}

/** One thing that can be read afterwards, and where. */
export interface Output {
  readonly where: string;
  readonly text: string;
}

/** Every output in which a secret stands, in whatever way it is written. */
export function findLeaks(outputs: readonly Output[], secrets: Iterable<string>): string[] {
  const needles = [...secrets].flatMap((secret) =>
    fragmentsOf(secret).map((part) => ({ secret, part })),
  );
  return outputs.flatMap(({ where, text }) => {
    const views = viewsOf(text);
    const found = needles.find(({ part }) => views.some((view) => contains(view, part)));
    return found === undefined ? [] : [`${where}: ${JSON.stringify(found.secret)}`];
  });
}

/** The secret, and what is too much of it: its lines, its head and its tail. */
function fragmentsOf(secret: string): string[] {
  const lines = secret.split(/[\r\n]+/).map(squeeze);
  const parts = [squeeze(secret), ...(lines.length > 1 ? lines : [])];
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  const ends = secret.length > 100 ? [secret.slice(0, 40), secret.slice(-40)] : [];
  return [...parts, ...ends, ...(secret.length < 6 ? [] : [base64])].filter((part) => part !== "");
}

function contains(view: string, part: string): boolean {
  if (part.length >= 6) return view.includes(part);
  return view.split(/[^A-Za-z0-9]+/).includes(part);
}

/** A text as it is, and with every escape that anything of ours could have put in taken off. */
function viewsOf(text: string): string[] {
  const json = text.replaceAll(/\\u\{?([\da-f]{1,6})\}?/gi, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16) % 0x110000),
  );
  const html = text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll("@\u2060", "@");
  const bare = [text, html].map((view) => view.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1"));
  const unescaped = json.replaceAll(/\\([nrt"\\/])/g, (_, mark: string) => ESCAPES[mark] ?? mark);
  return [
    text,
    json,
    html,
    ...bare,
    unescaped,
    decodeUrl(text),
    decodeUrl(text).replaceAll("''", "'"),
    decodeUrl(text.replaceAll("+", " ")),
  ].map(squeeze);
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function decodeUrl(text: string): string {
  return text.replaceAll(/(?:%[\dA-Fa-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll("%", ""), "hex").toString(),
  );
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** A project and a PBX with a secret in every place, and everything that was written so far. */
export interface CanaryProject extends Folder {
  readonly pbx: Sandbox;
  readonly repository: Repository;
  readonly secrets: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: readonly Output[];
  /** Runs a command and keeps what it wrote. Gives its exit code. */
  run(...args: string[]): Promise<number | null>;
  /** Runs it in all its formats, with a log and, for a plan, a file. */
  runAll(command: string, ...args: string[]): Promise<void>;
  /** What is in the files that the runs have left. */
  readFiles(): Output[];
}

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  validate: ["text", "json", "markdown", "sarif", "github"],
  plan: ["text", "json", "markdown"],
  apply: ["text", "json", "markdown"],
  status: ["text", "json", "markdown"],
};

export async function makeCanaryProject(canaries: Canaries): Promise<CanaryProject> {
  const { client, group } = canaries;
  const pbx = await startSandbox({
    seed: {
      clientSecret: client,
      departments: [{ name: group }],
      trunks: [{ number: "10001", name: "provider" }],
      compile: { delay: 1 },
    },
  });
  const folder = makeFolder(writeFiles());
  const env = {
    CALLFORM_URL: pbx.url,
    CALLFORM_CLIENT_ID: pbx.clientId,
    CALLFORM_DIGEST_KEY: canaries.digest,
    PBX_SECRET: client,
    FILE_KEY: canaries.file,
    INLINE_KEY: canaries.inline,
    APP_NAME: canaries.name,
    GROUP_NAME: group,
  };
  const outputs: Output[] = [];
  async function run(...args: string[]): Promise<number | null> {
    const ran = await runInline(args, { cwd: folder.root, env });
    const where = `callform ${args.join(" ")}`;
    outputs.push(
      { where: `stdout of ${where}`, text: ran.stdout },
      { where: `stderr of ${where}`, text: ran.stderr },
    );
    return ran.code;
  }
  return {
    ...folder,
    pbx,
    env,
    outputs,
    run,
    repository: makeRepository(folder.root),
    secrets: Object.values(canaries),
    async runAll(command, ...args) {
      for (const format of FORMATS[command] ?? []) {
        const log = command === "validate" ? [] : ["--log-file", `log-${outputs.length}.ndjson`];
        const out = command === "plan" ? ["--out", `plan-${outputs.length}.json`] : [];
        await run(command, "--format", format, ...log, ...out, ...args);
      }
    },
    readFiles: () =>
      readdirSync(folder.root)
        .filter((name) => /^(log|plan)-\d/.test(name))
        .map((name) => ({ where: name, text: readFileSync(folder.path(name), "utf8") })),
  };
}

/** The client secret comes from the project file, everything else by reference from manifests and scripts. */
function writeFiles(): Record<string, string> {
  return {
    "callform.yaml": [
      "apiVersion: callform/v1",
      "kind: Project",
      "targets:",
      "  pbx:",
      "    clientSecret: ${env:PBX_SECRET}",
      '    policy: { prune: removed, scratchNumber: "898" }',
      "",
    ].join("\n"),
    "apps/file.yaml": writeManifest("801", "  name: infile\n  scriptFile: file.cs\n"),
    "apps/file.cs": writeSecretScript("FILE_KEY"),
    "apps/inline.yaml": writeManifest(
      "802",
      `  name: inline\n  scriptCode: |\n${indent(writeSecretScript("INLINE_KEY"))}`,
    ),
    "apps/named.yaml": writeManifest("803", "  name: ${secret:APP_NAME}\n  scriptFile: plain.cs\n"),
    "apps/grouped.yaml": writeManifest(
      "804",
      '  name: grouped\n  scriptFile: plain.cs\n  groups: [{ name: "${secret:GROUP_NAME}" }]\n',
    ),
    "apps/plain.cs": writeScript("Plain"),
  };
}

/** A manifest with these lines under `spec`. */
export function writeManifest(number: string, spec: string): string {
  return `apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: "${number}" }\nspec:\n${spec}`;
}

/** A script with its secret in a comment, where nothing in the secret can upset the compiler. */
export function writeSecretScript(reference: string, greeting?: string): string {
  return `${writeScript("Secretive", greeting)}/* \${secret:${reference}} */\n`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "    ");
}

/** Answers of a PBX, or of what stands before it, that repeat what they were sent. */
export function echoFaults(secret: string): readonly Fault[] {
  const error = {
    error: { code: "", message: `no: ${secret}`, details: [{ message: secret, target: secret }] },
  };
  const plain = { error: { code: "", message: `cannot take ${secret}` } };
  const post = { method: "PATCH" };
  return [
    { match: post, action: { type: "status", status: 400, body: JSON.stringify(error) } },
    { match: post, action: { type: "status", status: 409, body: JSON.stringify(plain) } },
    { match: post, action: { type: "status", status: 400, body: `<html>${secret}</html>` } },
    {
      match: post,
      action: {
        type: "status",
        status: 302,
        headers: { Location: `/?t=${encodeURIComponent(secret)}` },
      },
    },
    {
      match: { method: "GET" },
      action: { type: "status", status: 404, body: JSON.stringify(plain) },
    },
    {
      match: { path: "/connect/token" },
      action: { type: "status", status: 400, body: JSON.stringify({ error: secret }) },
    },
    {
      match: post,
      action: { type: "compile", verdict: "refuse", message: `cannot resolve '${secret}' here` },
    },
  ];
}
