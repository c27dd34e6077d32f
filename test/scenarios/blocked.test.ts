import { describe, expect, it } from "vitest";
import { makeFleetProject } from "../support/project/fleet-project.ts";
import { writeApp, writesOf } from "../support/project/pbx-project.ts";
import { runOnTerminal } from "../support/program/terminal.ts";

const CLASH = writeApp("820", "clash");
const BLOCK =
  /^This plan must not be applied: guard-number-taken: number 820 is already taken on the PBX by .*\.$/;

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

async function makeBlocked() {
  const fleet = await makeFleetProject([{ name: "berlin" }], {
    ...CLASH,
    ...writeApp("806", "one"),
  });
  return { ...fleet, pbx: fleet.pbx("berlin") };
}

describe("a plan that must not be applied", () => {
  it("ends in saying so, and why, in every format", async () => {
    const { run } = await makeBlocked();
    const text = await run(["plan"]);
    expect(text.code).toBe(1);
    expect(lastLine(text.stdout)).toMatch(BLOCK);
    const markdown = await run(["plan", "--format", "markdown"]);
    expect(lastLine(markdown.stdout)).toMatch(/^\*\*This plan must not be applied: guard-number/);
    const json = JSON.parse((await run(["plan", "--format", "json"])).stdout) as object;
    expect(Object.entries(json).at(-1)).toEqual([
      "blocked",
      [expect.stringMatching(/^guard-number-taken: number 820 is already taken/)],
    ]);
  });

  it("ends an apply with nothing applied, in every format", async () => {
    const { run, pbx } = await makeBlocked();
    const text = await run(["apply", "--yes"]);
    expect(text.code).toBe(1);
    expect(lastLine(text.stdout)).toBe("Nothing was applied.");
    expect(text.stdout).toContain("This plan must not be applied: guard-number-taken");
    const markdown = await run(["apply", "--yes", "--format", "markdown"]);
    expect(markdown.stdout).toContain("Nothing was applied.");
    const json = JSON.parse((await run(["apply", "--yes", "--format", "json"])).stdout) as object;
    expect(json).toMatchObject({ results: [], summary: { applied: 0 } });
    expect(Object.keys(json).at(-1)).toBe("blocked");
    expect(writesOf(pbx)).toEqual([]);
  });

  it("may also be so by what is no part of it, such as a script under --strict", async () => {
    const { run, write } = await makeFleetProject([{ name: "berlin" }], writeApp("806", "one"));
    write("apps/one.cs", "class One : ScriptBase<One> { void Start() { ");
    const strict = await run(["plan", "--strict"]);
    expect(strict.code).toBe(1);
    expect(lastLine(strict.stdout)).toMatch(/^This plan must not be applied: script-syntax: /);
    const lax = await run(["plan"]);
    expect(lax.code).toBe(0);
    expect(lastLine(lax.stdout)).toMatch(/^Plan: 1 to create/);
  });

  it("lists three reasons, and how many more there are", async () => {
    const taken = ["820", "821", "822", "823", "824"];
    const { run } = await makeFleetProject(
      [
        {
          name: "berlin",
          options: { seed: { queues: taken.map((number) => ({ number, name: `q${number}` })) } },
        },
      ],
      Object.assign({}, ...taken.map((number) => writeApp(number, `app${number}`))) as Record<
        string,
        string
      >,
    );
    expect(lastLine((await run(["plan"])).stdout)).toMatch(/; and 2 more\.$/);
  });
});

describe("apply on a terminal", () => {
  it("shows what plan warns of right before it asks", async () => {
    const fleet = await makeFleetProject([{ name: "berlin" }], writeApp("806", "one"));
    fleet.write("apps/one.cs", "class One : ScriptBase<One> { void Start() { Play(; } }");
    const { url, clientId, clientSecret } = fleet.pbx("berlin");
    const env = { BERLIN_URL: url, BERLIN_ID: clientId, BERLIN_SECRET: clientSecret };
    const asked = await runOnTerminal(["apply"], { cwd: fleet.root, env, answers: ["no\n"] });
    expect(asked).toMatchObject({ code: 1, questions: 1 });
    expect(asked.stderr.indexOf("apps/one.cs:1:")).toBeGreaterThan(0);
    expect(asked.stderr.indexOf("warning script-syntax")).toBeLessThan(
      asked.stderr.indexOf("Apply this to berlin"),
    );
  });
});

describe("a merge that nobody finished", () => {
  const mark = (ours: string, theirs: string): string =>
    `<<<<<<< HEAD\n${ours}\n=======\n${theirs}\n>>>>>>> feature\n`;

  it("in a manifest is one problem, at the first mark", async () => {
    const fleet = await makeFleetProject([{ name: "berlin" }], writeApp("806", "one"));
    const text = fleet.read("apps/one.yaml");
    for (const end of ["\n", "\r\n"]) {
      const merged = text.replace("  name: one\n", mark("  name: one", "  name: two"));
      fleet.write("apps/one.yaml", merged.replaceAll("\n", end));
      const ran = await fleet.run(["validate", "--format", "json"]);
      expect(ran.code).toBe(1);
      const { problems } = JSON.parse(ran.stdout) as { problems: object[] };
      expect(problems).toMatchObject([
        {
          severity: "error",
          code: "merge-conflict",
          at: { file: "apps/one.yaml", line: 6, column: 1 },
        },
      ]);
    }
  });

  it("in the project file and in an overlay is one problem as well", async () => {
    const fleet = await makeFleetProject([{ name: "berlin", more: "    overlay: o.yaml\n" }], {
      ...writeApp("806", "one"),
      "o.yaml": mark("a: 1", "a: 2"),
    });
    const overlay = await fleet.run(["validate"]);
    expect(overlay.stderr.match(/ error /g)).toHaveLength(1);
    expect(overlay.stderr).toContain("o.yaml:1:1 error merge-conflict");
    fleet.write("callform.yaml", mark("kind: Project", "kind: Overlay"));
    const project = await fleet.run(["validate"]);
    expect(project.stderr.match(/ error /g)).toHaveLength(1);
    expect(project.stderr).toContain("callform.yaml:1:1 error merge-conflict");
  });

  it("in a script is one problem, and an error", async () => {
    const fleet = await makeFleetProject([{ name: "berlin" }], writeApp("806", "one"));
    const script = fleet.read("apps/one.cs");
    fleet.write("apps/one.cs", script.replace(/\n/, `\n${mark("// a", "// b")}`));
    const ran = await fleet.run(["validate"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr.match(/ (error|warning) /g)).toHaveLength(1);
    expect(ran.stderr).toContain("apps/one.cs:2:1 error script-conflict");
  });

  it("is nothing that stands in a text, nor one mark alone", async () => {
    const fleet = await makeFleetProject([{ name: "berlin" }], {
      ...writeApp("806", "one"),
      "apps/two.yaml": `apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: "807"
  labels: { note: "<<<<<<< HEAD" }
spec: { name: two }
`,
    });
    expect(await fleet.run(["validate"])).toMatchObject({ code: 0 });
  });
});
