import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../support/project/folder.ts";
import { readWorkflow } from "../support/action/workflow-rules.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const CHANGELOG = `# Changelog

## Unreleased

- Not yet.

## 1.2.3, 2026-03-04

- A thing.

## 1.2.2

- An older thing.
`;
const MANIFEST = { version: "1.2.3", repository: "github:acme/callform" };

interface Told {
  readonly code: number | null;
  readonly notes: string;
  readonly problems: readonly string[];
}

/** Writes the notes of a release in a project with this manifest and changelog. */
function writeNotes(
  args: readonly string[],
  manifest: Readonly<Record<string, unknown>> = MANIFEST,
  changelog = CHANGELOG,
): Told {
  const at = makeFolder({ "package.json": JSON.stringify(manifest), "CHANGELOG.md": changelog });
  mkdirSync(at.path("scripts"));
  const script = at.path("scripts/release-notes.mjs");
  cpSync(path.join(ROOT, "scripts/release-notes.mjs"), script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: "utf8",
    env: {},
  });
  return {
    code: status,
    notes: stdout,
    problems: stderr.split("\n").filter((line) => line !== ""),
  };
}

describe("the notes of a release", () => {
  it("have what the changelog says of it, and the line that pins the Action to its commit", () => {
    const { code, notes } = writeNotes(["v1.2.3", "acme/callform", COMMIT]);
    expect(code).toBe(0);
    expect(notes).toContain("- A thing.");
    expect(notes).toContain(`- uses: acme/callform@${COMMIT} # v1.2.3\n`);
    expect(notes).not.toMatch(/Not yet|older/);
  });

  it.each([
    { type: "git", url: "git+https://github.com/acme/callform.git" },
    "https://github.com/acme/callform",
    "git@github.com:acme/callform.git",
  ])("know the repository as npm writes it: %j", (repository) => {
    expect(writeNotes(["v1.2.3", "acme/callform", COMMIT], { ...MANIFEST, repository }).code).toBe(
      0,
    );
  });

  it("are refused for a tag, a changelog, a repository and a commit that do not fit, all at once", () => {
    const { code, notes, problems } = writeNotes(
      ["v1.2.4", "else/callform", "HEAD"],
      MANIFEST,
      "# Changelog\n",
    );
    expect({ code, notes }).toEqual({ code: 1, notes: "" });
    expect(problems).toEqual([
      "the tag is v1.2.4, package.json says 1.2.3",
      'CHANGELOG.md has no section "## 1.2.3"',
      'package.json must have "repository": "github:else/callform"',
      "HEAD is no full commit",
    ]);
  });

  it.each([
    ["no repository", { version: "1.2.3" }, CHANGELOG],
    ["an empty section", MANIFEST, "## 1.2.3\n\n## 1.2.2\n\n- x\n"],
    ["the section of a longer version only", MANIFEST, "## 1.2.30\n\n- x\n"],
  ])("are refused with %s", (_, manifest, changelog) => {
    expect(writeNotes(["v1.2.3", "acme/callform", COMMIT], manifest, changelog).code).toBe(1);
  });
});

describe("the scripts in workflows", () => {
  const workflows = [
    ".github/workflows/ci.yml",
    ".github/workflows/release.yml",
    "examples/workflows/several-targets.yml",
  ];

  it.each(workflows)("are read by bash: %s", (file) => {
    const { jobs } = readWorkflow(readFileSync(path.join(ROOT, file), "utf8"));
    const scripts = Object.values(jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run ?? []),
    );
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts)
      expect(spawnSync("bash", ["-n"], { input: script, encoding: "utf8" }).stderr).toBe("");
  });

  it("that list the targets give one line for a matrix", () => {
    const { jobs } = readWorkflow(readFileSync(path.join(ROOT, workflows[2] ?? ""), "utf8"));
    const script = jobs["targets"]?.steps.find(({ id }) => id === "list")?.run ?? "";
    const matrix = '{"include":[{"target":"berlin","wave":1},{"target":"paris","wave":2}]}';
    const at = makeFolder({ output: "", "bin/npx": `#!/bin/sh\necho '${matrix}'\n` });
    const run = (env: Readonly<Record<string, string>>): number | null =>
      spawnSync("bash", ["-e", "-o", "pipefail", "-c", script], {
        env: { PATH: `${at.path("bin")}:/usr/bin:/bin`, GITHUB_OUTPUT: at.path("output"), ...env },
      }).status;
    spawnSync("chmod", ["+x", at.path("bin/npx")]);
    expect(run({})).toBe(0);
    expect(at.read("output")).toBe(`matrix=${matrix}\n`);
    at.write("bin/npx", "#!/bin/sh\nexit 1\n");
    expect(run({})).toBe(1);
  });
});
