import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { makeFleetProject } from "../support/project/fleet-project.ts";
import { writeApp, writesOf } from "../support/project/pbx-project.ts";
import { writeScript } from "../support/project/scripts.ts";

const NUMBERS = ["801", "802", "803", "804", "805", "806"];
const SIX = Object.assign(
  {},
  ...NUMBERS.map((number) => writeApp(number, `app${number}`)),
) as Record<string, string>;
const APPLY = ["apply", "plan.json", "--yes", "--concurrency", "1"];
const RECORD = ".callform-applied";

/** A project with one target; `cut` applies its plan file and presses Ctrl-C once so many are done. */
async function makeWorld(files = SIX) {
  const project = await makeFleetProject([{ name: "berlin" }], files);
  const pbx = project.pbx("berlin");
  return {
    ...project,
    console: pbx.console,
    pbx,
    cut: (done: number, ...names: readonly ("SIGINT" | "SIGHUP")[]) => {
      let pressed = false;
      return project.run(APPLY, {}, (text, signal) => {
        if (pressed || (text.match(/^ {2}applied /gm) ?? []).length < done) return;
        pressed = true;
        for (const name of names.length === 0 ? (["SIGINT"] as const) : names) signal(name);
      });
    },
    async empty() {
      for (const { Number: number } of pbx.console.list()) await pbx.console.remove(number);
      pbx.clearRequests();
    },
  };
}

describe("a saved plan whose apply was cut off", () => {
  it("is gone on with by the same command, to the end of what was reviewed", async () => {
    const world = await makeWorld();
    expect(await world.run(["plan", "--out", "plan.json"])).toMatchObject({ code: 0 });
    const cut = await world.cut(3);
    expect(cut.code).toBe(130);
    const there = world.console.list().length;
    expect(there).toBeGreaterThanOrEqual(3);
    expect(there).toBeLessThan(6);
    const again = await world.run(APPLY);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toContain("going on with plan.json, which was begun at 20");
    expect(world.console.list()).toHaveLength(6);
    expect(await world.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
    const third = await world.run(APPLY);
    expect(third.code).toBe(1);
    expect(third.stderr).toContain("error plan-used");
  });

  it("by a terminal that goes, which is told twice, is stopped and not aborted", async () => {
    const world = await makeWorld();
    await world.run(["plan", "--out", "plan.json"]);
    const cut = await world.cut(2, "SIGHUP", "SIGHUP");
    expect(cut.code).toBe(130);
    expect(cut.stdout).toMatch(/^Apply: \d applied, \d interrupted/m);
    expect(cut.stderr).not.toContain("in flight");
    expect(await world.run(APPLY)).toMatchObject({ code: 0 });
    expect(world.console.list()).toHaveLength(6);
  });

  it("cut off after its last write is at its end the next time", async () => {
    const world = await makeWorld();
    await world.run(["plan", "--out", "plan.json"]);
    expect(await world.cut(1)).toMatchObject({ code: 130 });
    expect(await world.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    expect(await world.run(APPLY)).toMatchObject({ code: 0 });
    expect((await world.run(APPLY)).stderr).toContain("error plan-used");
  });

  it("does not take with it what nobody reviewed", async () => {
    const world = await makeWorld();
    await world.run(["plan", "--out", "plan.json"]);
    await world.cut(2);
    world.write("apps/app806.cs", writeScript("App806", "another.wav"));
    for (const [name, text] of Object.entries(writeApp("807", "late"))) world.write(name, text);
    world.pbx.clearRequests();
    const refused = await world.run(APPLY);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("neither the one that was reviewed nor the rest of it");
    expect(refused.stderr).toContain("CallFlowApp 807: is to create, was not in the reviewed plan");
    expect(refused.stderr).toContain("CallFlowApp 806: scriptCode is to get another value now");
    expect(writesOf(world.pbx)).toEqual([]);
  });

  it("does not overwrite what somebody did in the console meanwhile", async () => {
    const world = await makeWorld();
    await world.run(["apply", "--yes"]);
    for (const number of NUMBERS)
      world.write(`apps/app${number}.cs`, writeScript(`App${number}`, "another.wav"));
    await world.run(["plan", "--out", "plan.json"]);
    await world.cut(2);
    await world.console.edit("806", { ScriptCode: writeScript("App806", "hotfix.wav") });
    world.pbx.clearRequests();
    const refused = await world.run(APPLY);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("CallFlowApp 806: scriptCode is different on the PBX now");
    expect(writesOf(world.pbx)).toEqual([]);
  });
});

describe("a saved plan whose values come from secrets", () => {
  const secret = { KEY: "s3cr3t-of-mine" };
  const files = Object.fromEntries(
    Object.entries(SIX).map(([name, text]) => [
      name,
      name.endsWith(".cs") ? `// \${secret:KEY}\n${text}` : text,
    ]),
  );

  async function cutOff() {
    const world = await makeWorld(files);
    await world.run(["plan", "--out", "plan.json"], secret);
    let pressed = false;
    const cut = await world.run(APPLY, secret, (text, signal) => {
      // An app that is made and has no script yet.
      if (pressed || !text.includes("creating CallFlowApp 803")) return;
      pressed = true;
      signal("SIGINT");
    });
    expect(cut.code).toBe(130);
    world.pbx.clearRequests();
    return world;
  }

  it("is gone on with while they are the same", async () => {
    const world = await cutOff();
    expect(world.read("plan.json")).not.toContain("s3cr3t");
    expect(await world.run(APPLY, secret)).toMatchObject({ code: 0 });
    expect(world.console.list()).toHaveLength(6);
  });

  it("is refused when one has changed", async () => {
    const world = await cutOff();
    const refused = await world.run(APPLY, { KEY: "another-value" });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("neither the one that was reviewed nor the rest of it");
    expect(writesOf(world.pbx)).toEqual([]);
  });
});

describe("an approval", () => {
  it("is used once, also when the PBX is back where it was", async () => {
    const world = await makeWorld();
    await world.run(["plan", "--out", "plan.json"]);
    copyFileSync(world.path("plan.json"), world.path("copy.json"));
    expect(await world.run(APPLY)).toMatchObject({ code: 0 });
    await world.empty();
    for (const file of ["plan.json", "copy.json"]) {
      const refused = await world.run(["apply", file, "--yes"]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`error plan-used ${file} was applied to its end at 20`);
    }
    expect(writesOf(world.pbx)).toEqual([]);
    expect(world.console.list()).toEqual([]);
    // The same operations, reviewed again, are another approval.
    await world.run(["plan", "--out", "plan.json"]);
    expect(await world.run(APPLY)).toMatchObject({ code: 0 });
  });

  it("counts only as long as no newer plan was applied to its target", async () => {
    const world = await makeWorld();
    await world.run(["plan", "--out", "old.json"]);
    await world.run(["plan", "--out", "plan.json"]);
    expect(await world.run(APPLY)).toMatchObject({ code: 0 });
    await world.empty();
    const refused = await world.run(["apply", "old.json", "--yes"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("error plan-superseded a newer plan for berlin than old.json");
    expect(writesOf(world.pbx)).toEqual([]);
  });

  it("of a plan that was printed is used once as well", async () => {
    const world = await makeWorld();
    const { stdout } = await world.run(["plan", "--format", "json"]);
    writeFileSync(world.path("plan.json"), stdout);
    expect(await world.run(APPLY)).toMatchObject({ code: 0 });
    await world.empty();
    expect((await world.run(APPLY)).stderr).toContain("error plan-used");
  });

  it("keeps count in a file that holds no value, and is its owner's", async () => {
    const world = await makeWorld();
    await world.run(["plan", "--out", "plan.json"]);
    await world.run(APPLY);
    const lines = world.read(RECORD).trimEnd().split("\n");
    expect(lines.map((line) => Object.keys(JSON.parse(line) as object))).toEqual([
      ["id", "state", "target", "savedAt", "at"],
      ["id", "state", "target", "savedAt", "at"],
    ]);
    expect(statSync(world.path(RECORD)).mode & 0o777).toBe(0o600);
  });
});

describe("the count of what was applied", () => {
  const spoil: [string, (place: string) => void][] = [
    ["is a folder", (place) => mkdirSync(place)],
    ["is damaged", (place) => writeFileSync(place, '{"id":1}\n')],
    ["is torn", (place) => writeFileSync(place, '{"id":"a","state"')],
    ["leads elsewhere", (place) => symlinkSync("callform.yaml", place)],
  ];
  it.each(spoil)("that %s stops the apply before anything is written", async (_, damage) => {
    const world = await makeWorld();
    await world.run(["plan", "--out", "plan.json"]);
    const before = world.read("callform.yaml");
    damage(world.path(RECORD));
    world.pbx.clearRequests();
    const refused = await world.run(APPLY);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("error plan-record");
    expect(writesOf(world.pbx)).toEqual([]);
    expect(world.read("callform.yaml")).toBe(before);
  });

  const isRoot = process.getuid?.() === 0;
  const title = `that cannot be written stops it too${isRoot ? " (skipped: root may write anywhere)" : ""}`;
  it.skipIf(isRoot)(title, async () => {
    const world = await makeWorld();
    mkdirSync(world.path("plans"));
    await world.run(["plan", "--out", "plans/plan.json"]);
    chmodSync(world.path("plans"), 0o500);
    const refused = await world.run(["apply", "plans/plan.json", "--yes"]);
    chmodSync(world.path("plans"), 0o700);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("error plan-record");
    expect(writesOf(world.pbx)).toEqual([]);
  });
});

describe("saved plans of a fleet", () => {
  it("are gone on with where they were cut off, and passed over where they are done", async () => {
    const names = ["berlin", "munich", "vienna"];
    const fleet = await makeFleetProject(
      names.map((name, wave) => ({ name, more: `    wave: ${wave + 1}\n` })),
      SIX,
    );
    await fleet.run(["plan", "--target", "*", "--out", "plans"]);
    const apply = [
      "apply",
      ...names.map((name) => `plans/${name}.json`),
      "--yes",
      "--concurrency",
      "1",
    ];
    let pressed = false;
    const cut = await fleet.run(apply, {}, (text, signal) => {
      if (pressed || (text.match(/^\[munich\] {3}applied /gm) ?? []).length < 2) return;
      pressed = true;
      signal("SIGINT");
    });
    expect(cut.code).toBe(130);
    const counts = names.map((name) => fleet.pbx(name).console.list().length);
    expect([counts[0], counts[2]]).toEqual([6, 0]);
    const again = await fleet.run(apply);
    expect(again.stderr).toContain("[berlin]   plans/berlin.json was applied to its end at 20");
    expect(again.stderr).toContain("[munich]   going on with plans/munich.json");
    expect(again.code).toBe(0);
    expect(names.map((name) => fleet.pbx(name).console.list().length)).toEqual([6, 6, 6]);
    const third = await fleet.run(apply);
    expect(third.code).toBe(1);
    expect(third.stderr).toContain("error plan-used plans/berlin.json was applied to its end");
  });

  it("do not apply one again that is done, beside one that is not", async () => {
    const names = ["berlin", "munich"];
    const fleet = await makeFleetProject(names.map((name) => ({ name })));
    await fleet.run(["plan", "--target", "*", "--out", "plans"]);
    await fleet.run(["apply", "--yes", "plans/berlin.json"]);
    await fleet.pbx("berlin").console.remove("806");
    fleet.pbx("berlin").clearRequests();
    const ran = await fleet.run(["apply", "--yes", "plans/berlin.json", "plans/munich.json"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("[berlin] error plan-used");
    expect(writesOf(fleet.pbx("berlin"))).toEqual([]);
    expect(fleet.pbx("munich").console.list()).toHaveLength(1);
  });
});

describe("a plan file", () => {
  it.each([
    ["changes", [{ op: "update" }]],
    ["changes", [{ op: "grow", kind: "CallFlowApp", key: "801", fields: [] }]],
    ["changes", [{ op: "update", kind: "CallFlowApp", key: "801", fields: [null] }]],
    ["target", { name: "berlin" }],
    ["id", 7],
  ])("whose %s is not what was saved is damaged", async (member, value) => {
    const world = await makeWorld();
    await world.run(["plan", "--out", "plan.json"]);
    const plan = JSON.parse(readFileSync(world.path("plan.json"), "utf8")) as object;
    writeFileSync(world.path("plan.json"), JSON.stringify({ ...plan, [member]: value }));
    const refused = await world.run(APPLY);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("plan.json is damaged");
  });

  it("is saved over what somebody linked to its draft's name, not through it", async () => {
    const world = await makeWorld();
    const draft = world.path(`plan.json.${process.pid}.tmp`);
    symlinkSync("callform.yaml", draft);
    const before = world.read("callform.yaml");
    expect(await world.run(["plan", "--out", "plan.json"])).toMatchObject({ code: 0 });
    expect(world.read("callform.yaml")).toBe(before);
    expect(lstatSync(world.path("plan.json")).isFile()).toBe(true);
  });
});
