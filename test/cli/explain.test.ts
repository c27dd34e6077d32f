import { describe, expect, it } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import { runInline } from "../support/program/inline.ts";

const run = (...args: string[]) => runInline(["explain", ...args], { cwd: import.meta.dirname });

describe("callform explain", () => {
  it("tells of a setting what it is, its values, default, place in the API, version and evidence", async () => {
    const { stdout, stderr, code } = await run("Queue.pollingStrategy");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Queue.pollingStrategy: Polling strategy");
    expect(stdout).toContain("In which order agents are rung.");
    expect(stdout).toMatch(/^ {2}Hunt +One after the other, in the order of agents\.$/m);
    expect(stdout).toContain("Queues, PollingStrategy of Pbx.Queue");
    expect(stdout).toContain("Known in  3CX 20.0.10");
    expect(stdout).toContain("Evidence  3CX's API description 20.0.10");
    expect(stdout).toContain("Example:\n  pollingStrategy: Hunt\n");
    expect((await run("Queue.ringTimeout")).stdout).toContain("Default   30");
  });

  it("tells of every kind and every setting, and finds each in any spelling", async () => {
    for (const { name, declaration, statusFields } of kinds) {
      const page = await run(name.toLowerCase());
      expect([name, page.code]).toEqual([name, 0]);
      const names = [...Object.keys(declaration.fields), ...statusFields.map((one) => one.name)];
      for (const field of names.filter((one) => one !== "id")) {
        expect(page.stdout).toContain(`  ${field} `);
        const told = await run(`${name}.${field.toUpperCase()}`);
        expect([field, told.code]).toEqual([field, 0]);
        expect(told.stdout).toContain(`${name}.${field}: `);
      }
    }
  });

  it("names what was meant by a name that is none", async () => {
    expect(await run("Queu")).toMatchObject({ code: 1, stdout: "" });
    expect((await run("Queu")).stderr).toContain("did you mean Queue?");
    expect((await run("Queue.ringTimout")).stderr).toContain("did you mean ringTimeout?");
  });

  it("gives the same as JSON", async () => {
    const { stdout } = await run("RingGroup.members", "--format", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      topic: "RingGroup.members",
      value: "a list or null",
      api: "RingGroups, Members of Pbx.RingGroup",
    });
  });
});
