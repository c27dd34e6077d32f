import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../support/project/folder.ts";
import { runInline } from "../support/program/inline.ts";
import { LIVE } from "../support/pbx/live-seed.ts";
import { makePbxProject, writesOf } from "../support/project/pbx-project.ts";
import { runProgram } from "../support/program/run.ts";
import { CTRL_C, CTRL_D, runOnTerminal, type Answer } from "../support/program/terminal.ts";
import { makeRepository } from "../support/project/repository.ts";

const FILES = [
  ".github/workflows/apply.yml",
  ".github/workflows/drift.yml",
  ".github/workflows/pull-request.yml",
  ".gitignore",
  "README.md",
  "apps/hello.cs",
  "apps/hello.yaml",
  "callform.yaml",
  "schemas/call-flow-app.schema.json",
  "schemas/overlay.schema.json",
  "schemas/parameter.schema.json",
  "schemas/project.schema.json",
  "schemas/queue.schema.json",
  "schemas/receptionist.schema.json",
  "schemas/ring-group.schema.json",
];

function list(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length + 1))
    .toSorted();
}

describe("callform init", () => {
  it("writes a project that validates without a word, and asks nothing", async () => {
    const { root } = makeFolder();
    const made = await runProgram(["init", "pbx", "--url", "pbx.example.com:5001/"], { cwd: root });
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(list(`${root}/pbx`)).toEqual(FILES);
    for (const name of FILES) expect(made.stdout).toContain(`  ${name}\n`);
    expect(made.stdout).toContain("cd pbx");
    const project = readFileSync(`${root}/pbx/callform.yaml`, "utf8");
    expect(project).toContain("  production:\n    url: https://pbx.example.com:5001\n");
    const valid = await runProgram(["validate", "--strict"], { cwd: `${root}/pbx` });
    expect(valid).toMatchObject({ code: 0, stdout: "Valid: 1 app in 1 file.\n", stderr: "" });
  });

  it("leaves the address to the environment when it is not said", async () => {
    const project = await makePbxProject();
    const { root } = makeFolder();
    const made = await runInline(["init"], { cwd: root });
    expect(made.stdout).toContain("set CALLFORM_URL, CALLFORM_CLIENT_ID, CALLFORM_CLIENT_SECRET");
    expect(made.stdout).not.toContain("  cd ");
    expect(list(root)).toEqual(FILES);
    const { url, clientId, clientSecret } = project.pbx;
    const env = {
      CALLFORM_URL: url,
      CALLFORM_CLIENT_ID: clientId,
      CALLFORM_CLIENT_SECRET: clientSecret,
    };
    expect(await runInline(["apply", "--yes"], { cwd: root, env })).toMatchObject({ code: 0 });
    expect(project.pbx.console.list()).toMatchObject([{ Number: "805", Name: "hello" }]);
    const again = await runInline(["plan", "--detailed-exitcode"], { cwd: root, env });
    expect(again).toMatchObject({ code: 0 });
    const nowhere = await runInline(["plan"], { cwd: root });
    expect(nowhere.stderr).toContain("missing: the URL of the PBX");
  });

  it("overwrites nothing: every file in its way is named, and none is written", async () => {
    const folder = makeFolder({ "README.md": "mine", "apps/hello.cs": "mine too" });
    const refused = await runInline(["init", "--target", "berlin"], { cwd: folder.root });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^README\.md:1:1 error file-exists /m);
    expect(refused.stderr).toMatch(/^apps\/hello\.cs:1:1 error file-exists /m);
    expect(refused.stderr.match(/--keep/g)).toHaveLength(1);
    expect(list(folder.root)).toEqual(["README.md", "apps/hello.cs"]);
    expect(folder.read("README.md")).toBe("mine");
  });

  it("leaves with --keep what is there, and writes the rest", async () => {
    const folder = makeFolder({ "README.md": "mine" });
    const made = await runInline(["init", "--keep"], { cwd: folder.root });
    expect(made.code).toBe(0);
    expect(made.stdout).toContain("Left as they were:\n  README.md\n");
    expect(list(folder.root)).toEqual(FILES);
    expect(folder.read("README.md")).toBe("mine");
    const again = await runInline(["init", "--keep"], { cwd: folder.root });
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain("Everything was there already.");
  });

  it("adds no example app to a project that is there already", async () => {
    const folder = makeFolder({ "callform.yaml": "apiVersion: callform/v1\nkind: Project\n" });
    expect(await runInline(["init", "--keep"], { cwd: folder.root })).toMatchObject({ code: 0 });
    expect(existsSync(folder.path("apps"))).toBe(false);
    expect(existsSync(folder.path(".github/workflows/apply.yml"))).toBe(true);
    expect(folder.read("callform.yaml")).toBe("apiVersion: callform/v1\nkind: Project\n");
  });

  it("refuses a name and an address that the project could not have", async () => {
    const { root } = makeFolder();
    for (const [args, message] of [
      [["--target", "a b"], '"a b" cannot be the name of a target'],
      [["--target", "*"], '"*" cannot be the name of a target'],
      [["--url", "ftp://x"], "is not the address of a PBX"],
      [["--url", "http://pbx.example.com"], "plain http"],
      [["--url", "https://me:secret-of-mine@pbx.example.com"], "user name or password"],
    ] as const) {
      const refused = await runInline(["init", ...args], { cwd: root });
      expect(refused).toMatchObject({ code: 1, stdout: "" });
      expect(refused.stderr).toContain(message);
      expect(refused.stderr).not.toContain("secret-of-mine");
      expect(list(root)).toEqual([]);
    }
  });
});

describe("callform init on a terminal", () => {
  it("asks for address and name, and takes an empty answer for the default", async () => {
    const { root } = makeFolder();
    const first = await typeAnswers(["init", "a"], root, ["pbx.example.com:5001", "berlin"]);
    expect(first).toMatchObject({ code: 0, questions: 2 });
    expect(readFileSync(`${root}/a/callform.yaml`, "utf8")).toContain(
      "  berlin:\n    url: https://pbx.example.com:5001\n",
    );
    const second = await typeAnswers(["init", "b"], root, ["", ""]);
    expect(second).toMatchObject({ code: 0, questions: 2 });
    expect(readFileSync(`${root}/b/callform.yaml`, "utf8")).toContain("  production:\n    # url:");
  });

  it("asks only for what no flag has said", async () => {
    const { root } = makeFolder();
    const flags = ["--url", "https://pbx.example.com", "--target", "berlin"];
    expect(await typeAnswers(["init", "a", ...flags], root, [])).toMatchObject({ questions: 0 });
    const named = await typeAnswers(["init", "b", ...flags.slice(2)], root, [""]);
    expect(named).toMatchObject({ code: 0, questions: 1 });
  });

  it("takes two answers that were pasted together", async () => {
    const { root } = makeFolder();
    const pasted = await typeAnswers(["init", "a"], root, ["pbx.example.com\nberlin"]);
    expect(pasted).toMatchObject({ code: 0, questions: 2 });
    expect(readFileSync(`${root}/a/callform.yaml`, "utf8")).toContain("  berlin:\n    url: ");
  });

  it.each<[string, Answer]>([
    ["Ctrl-C", CTRL_C],
    ["Ctrl-D", CTRL_D],
    ["the end of its input", { input: "ends" }],
    ["a terminal that is gone", { input: "fails" }],
    ["SIGINT", { signal: "SIGINT" }],
    ["SIGTERM", { signal: "SIGTERM" }],
    ["SIGHUP", { signal: "SIGHUP" }],
  ])("writes nothing on %s at a question, and says so", async (_, answer) => {
    const { root } = makeFolder();
    for (const answers of [[answer], ["pbx.example.com\n", answer]]) {
      const ended = await runOnTerminal(["init", "a"], { cwd: root, answers });
      expect(ended).toMatchObject({ code: 130, questions: answers.length, stdout: "" });
      expect(ended.stderr).toMatch(/\nNothing was written\.\n$/);
      expect(ended.stderr).not.toContain("in flight");
      expect(list(root)).toEqual([]);
    }
  });
});

describe("callform init --from-pbx", () => {
  it("adopts a live PBX: plans to nothing, and to one line for one edit", async () => {
    const { pbx } = await makePbxProject({}, { seed: LIVE });
    const { root } = makeFolder();
    const env = {
      CALLFORM_CLIENT_ID: pbx.clientId,
      CALLFORM_CLIENT_SECRET: pbx.clientSecret,
    };
    const args = ["init", "pbx", "--from-pbx", "--url", pbx.url];
    const made = await runProgram(args, { cwd: root, env });
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const written = list(`${root}/pbx`);
    const apps = written.filter((name) => name.startsWith("apps/"));
    expect(apps).toHaveLength(60 + LIVE.apps.filter((app) => "scriptCode" in app).length);
    expect(written.filter((name) => !apps.includes(name))).toEqual(
      FILES.filter((name) => !name.startsWith("apps/")),
    );
    for (const name of written) expect(made.stdout).toContain(`  ${name}\n`);
    for (const name of apps.filter((file) => file.endsWith(".yaml")))
      expect(readFileSync(`${root}/pbx/${name}`, "utf8").split("\n")[0]).toBe(
        "# yaml-language-server: $schema=../schemas/call-flow-app.schema.json",
      );
    const inside = { cwd: `${root}/pbx`, env };
    expect(await runProgram(["plan", "--detailed-exitcode"], inside)).toMatchObject({ code: 0 });
    expect(writesOf(pbx)).toEqual([]);

    const repository = makeRepository(inside.cwd);
    repository.commit("as the PBX is");
    const script = `${inside.cwd}/apps/app20.cs`;
    writeFileSync(script, readFileSync(script, "utf8").replace("welcome.wav", "goodbye.wav"));
    const plan = await runProgram(["plan", "--detailed-exitcode"], inside);
    expect(plan.code).toBe(2);
    const lines = plan.stdout.split("\n").filter((line) => /^\s*[+-] {2,}/.test(line));
    expect(lines.map((line) => line.trim())).toEqual([
      '-            await MyCall.PlayPrompt("welcome.wav");',
      '+            await MyCall.PlayPrompt("goodbye.wav");',
    ]);
  });

  it("takes the address from the environment, and writes it down", async () => {
    const { pbx } = await makePbxProject();
    await pbx.console.create({ Number: "806", Name: "one" });
    const { root } = makeFolder();
    const env = {
      CALLFORM_URL: pbx.url,
      CALLFORM_CLIENT_ID: pbx.clientId,
      CALLFORM_CLIENT_SECRET: pbx.clientSecret,
    };
    expect(await runInline(["init", "--from-pbx"], { cwd: root, env })).toMatchObject({ code: 0 });
    expect(readFileSync(`${root}/callform.yaml`, "utf8")).toContain(`    url: ${pbx.url}\n`);
  });

  it("leaves nothing behind when the PBX refuses, or is not named", async () => {
    const { pbx } = await makePbxProject();
    const { root } = makeFolder();
    const env = { CALLFORM_CLIENT_ID: pbx.clientId, CALLFORM_CLIENT_SECRET: "wrong" };
    const args = ["init", "deep/pbx", "--from-pbx"];
    const refused = await runInline([...args, "--url", pbx.url], { cwd: root, env });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).not.toBe("");
    const unnamed = await runInline(args, { cwd: root });
    expect(unnamed.stderr).toContain("missing: the URL of the PBX");
    expect(unnamed.stderr).toContain("missing: the client secret");
    expect(readdirSync(root)).toEqual([]);
  });

  it("leaves nothing behind when an app of the PBX could not be a manifest", async () => {
    const { pbx } = await makePbxProject();
    await pbx.console.create({ Number: "806", Name: "one" });
    await pbx.console.create({ Number: "8".repeat(21), Name: "two" });
    const { root } = makeFolder();
    const env = { CALLFORM_CLIENT_ID: pbx.clientId, CALLFORM_CLIENT_SECRET: pbx.clientSecret };
    const args = ["init", "pbx", "--from-pbx", "--url", pbx.url];
    const refused = await runInline(args, { cwd: root, env });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("8".repeat(21));
    expect(readdirSync(root)).toEqual([]);
  });

  it("does not fill a project that is there already, whatever else it keeps", async () => {
    const folder = makeFolder({ "callform.yaml": "apiVersion: callform/v1\nkind: Project\n" });
    const refused = await runInline(["init", "--from-pbx", "--keep"], { cwd: folder.root });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("fill it with: callform pull");
    expect(list(folder.root)).toEqual(["callform.yaml"]);
  });
});

/** Runs a command line as on a terminal, and answers its questions in turn. */
async function typeAnswers(args: readonly string[], cwd: string, answers: readonly string[]) {
  return runOnTerminal(args, { cwd, answers: answers.map((answer) => `${answer}\n`) });
}
