import { describe, expect, it } from "vitest";
import { makePbxProject, writeApp, writesOf } from "../support/project/pbx-project.ts";
import { CTRL_C, CTRL_D, runOnTerminal, type Answer } from "../support/program/terminal.ts";

const ENDINGS: readonly [string, Answer][] = [
  ["Ctrl-C", CTRL_C],
  ["Ctrl-C in the middle of an answer", `ye${CTRL_C}`],
  ["Ctrl-D", CTRL_D],
  ["the end of its input", { input: "ends" }],
  ["a terminal that is gone", { input: "fails" }],
  ["SIGINT", { signal: "SIGINT" }],
  ["SIGTERM", { signal: "SIGTERM" }],
  ["SIGHUP", { signal: "SIGHUP" }],
];

async function makeTerminal() {
  const { pbx, root } = await makePbxProject(writeApp("806", "one"));
  const env = {
    PBX_URL: pbx.url,
    PBX_CLIENT_ID: pbx.clientId,
    PBX_CLIENT_SECRET: pbx.clientSecret,
  };
  const apply = (answers: readonly Answer[]) =>
    runOnTerminal(["apply"], { cwd: root, env, answers });
  return { pbx, apply };
}

describe("the question of apply", () => {
  it.each(ENDINGS)("that meets %s applies nothing, and says so", async (_, answer) => {
    const { pbx, apply } = await makeTerminal();
    const ended = await apply([answer]);
    expect(ended).toMatchObject({ code: 130, questions: 1 });
    expect(ended.stderr).toMatch(/\nNothing was applied\.\n$/);
    for (const text of ["bug", "in flight", "Interrupted"])
      expect(ended.stderr).not.toContain(text);
    expect(writesOf(pbx)).toEqual([]);
  });

  it("is answered by yes alone", async () => {
    const { pbx, apply } = await makeTerminal();
    for (const answer of ["\n", "y\n", "YES\n", "no\n"]) {
      const declined = await apply([answer]);
      expect(declined).toMatchObject({ code: 1, questions: 1 });
      expect(declined.stderr).toMatch(/Nothing was applied\.\n$/);
    }
    expect(writesOf(pbx)).toEqual([]);
    expect(await apply([" yes \n"])).toMatchObject({ code: 0, questions: 1 });
    expect(pbx.console.get("806")).toBeDefined();
  });
});
