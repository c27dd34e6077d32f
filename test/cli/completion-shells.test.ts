import { describe, expect, it } from "vitest";
import { makeFolder, type Folder } from "../support/project/folder.ts";
import { writeApp } from "../support/project/pbx-project.ts";
import { explainMissingShell, typeInto, type Shell } from "../support/program/typed-shell.ts";

const SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];

const TARGETS = `apiVersion: callform/v1
kind: Project
targets:
  production: { url: "https://pbx.example.com" }
  staging: { url: "https://staging.example.com" }
`;

function makeProject(): Folder {
  return makeFolder({
    "callform.yaml": TARGETS,
    ...writeApp("806", "one"),
    ...writeApp("917", "two"),
    ...writeApp("*39", "three"),
    // What the shell would make of *39 if it stood there bare.
    x39: "",
  });
}

/** What is typed, tabs and all, and what the program is called with then. */
const TYPED: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  "a command, a flag and its choice": ["callform pla\t--form\tjs\t", ["plan", "--format", "json"]],
  "a target of the project": [
    "callform plan --target sta\t--det\t",
    ["plan", "--target", "staging", "--detailed-exitcode"],
  ],
  "a target after an equals sign": ["callform plan --target=sta\t", ["plan", "--target=staging"]],
  "a number of a manifest": ["callform plan --only 91\t", ["plan", "--only", "917"]],
  "a further number of a list": ["callform plan --only 806,9\t", ["plan", "--only", "806,917"]],
  "a number that a shell would take for a pattern": [
    "callform plan --only \\*3\t",
    ["plan", "--only", "*39"],
  ],
  "a file": ["callform validate app\ttwo.y\t", ["validate", "apps/two.yaml"]],
  "a folder": ["callform plan --project app\t", ["plan", "--project", "apps"]],
  "a kind of schema": ["callform schema Proj\t", ["schema", "Project"]],
};

describe.each(SHELLS)("in %s", (shell) => {
  const missing = explainMissingShell(shell);
  const why = missing === undefined ? "" : ` (skipped: ${missing})`;

  it.skipIf(missing !== undefined)(
    `the tab key completes all that can be completed${why}`,
    async () => {
      const cases = Object.values(TYPED);
      const called = await typeInto(
        shell,
        makeProject(),
        cases.map(([typed]) => typed),
      );
      // zsh takes the slash behind a folder away again.
      const plain = called.map((call) => call.map((argument) => argument.replace(/\/$/, "")));
      expect(plain).toEqual(cases.map(([, args]) => args));
    },
  );
});
