import { describe, expect, it } from "vitest";
import { makeFleetProject } from "../support/project/fleet-project.ts";
import { writesOf } from "../support/project/pbx-project.ts";

const NAMES = ["berlin", "munich", "vienna"];
const THREE = NAMES.map((name) => ({ name }));

interface FleetReport {
  readonly command: string;
  readonly targets: readonly {
    readonly name: string;
    readonly exitCode: number;
    readonly report?: { readonly command?: string; readonly summary: Record<string, number> };
    readonly skipped?: string;
    readonly problems: readonly { readonly code: string; readonly message: string }[];
  }[];
}

describe("several targets in one run", () => {
  it("are planned and applied side by side, and then plan to nothing", async () => {
    const fleet = await makeFleetProject(THREE);
    const planned = await fleet.run(["plan", "--target", "*", "--detailed-exitcode"]);
    expect(planned.code).toBe(2);
    expect(planned.stdout.match(/Plan: 1 to create/g)).toHaveLength(3);
    expect(planned.stdout).toContain("Targets: 3 differs.");
    const applied = await fleet.run(["apply", "--target", "*", "--yes"]);
    expect(applied.code).toBe(0);
    expect(applied.stderr).toContain("[munich]   applied  CallFlowApp 806");
    expect(applied.stdout).toContain("Targets: 3 done.");
    for (const pbx of fleet.pbxs.values()) expect(pbx.console.get("806")).toBeDefined();
    expect(await fleet.run(["plan", "--target", "*", "--detailed-exitcode"])).toMatchObject({
      code: 0,
    });
    expect(await fleet.run(["drift", "--target", "*"])).toMatchObject({ code: 0 });
    expect(await fleet.run(["status", "--target", "*"])).toMatchObject({ code: 0 });
  });

  it("are those that are named, each flag and comma", async () => {
    const fleet = await makeFleetProject(THREE);
    const args = ["apply", "--yes", "--target", "vienna,berlin", "--target", "vienna"];
    expect(await fleet.run(args)).toMatchObject({ code: 0 });
    expect(NAMES.filter((name) => fleet.pbx(name).console.list().length > 0)).toEqual([
      "berlin",
      "vienna",
    ]);
  });

  it("have results of their own: one down, one with a wrong secret, one applied; exit 1", async () => {
    const fleet = await makeFleetProject(THREE);
    await fleet.pbx("berlin").close();
    const ran = await fleet.run(["apply", "--target", "*", "--yes", "--format", "json"], {
      MUNICH_SECRET: "not-the-secret",
    });
    expect(ran.code).toBe(1);
    const { command, targets } = JSON.parse(ran.stdout) as FleetReport;
    expect(command).toBe("apply");
    expect(targets.map(({ name, exitCode }) => [name, exitCode])).toEqual([
      ["berlin", 1],
      ["munich", 1],
      ["vienna", 0],
    ]);
    expect(targets[0]?.problems[0]?.message).toContain("nothing listens at");
    expect(targets[1]?.problems[0]?.code).toBe("pbx-credentials");
    expect(targets[2]?.report).toMatchObject({ command: "apply", summary: { applied: 1 } });
    expect(fleet.pbx("vienna").console.get("806")?.CompilationSucceeded).toBe(true);
    expect(writesOf(fleet.pbx("munich"))).toEqual([]);
    for (const name of ["berlin", "munich"]) expect(ran.stderr).toContain(`[${name}] error`);
    expect(ran.stdout + ran.stderr).not.toContain("not-the-secret");
  });

  it("end together when one of them is asked for badly, before anything is read", async () => {
    const fleet = await makeFleetProject(THREE);
    const ran = await fleet.run(["plan", "--target", "bonn,vienna,koln"], { VIENNA_ID: "" });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('there is no target "bonn"');
    expect(ran.stderr).toContain('there is no target "koln"');
    for (const pbx of fleet.pbxs.values()) expect(pbx.requests).toEqual([]);
  });

  it("are never all sent to the address of one", async () => {
    const fleet = await makeFleetProject(THREE);
    const url = fleet.pbx("berlin").url;
    const flag = await fleet.run(["apply", "--yes", "--target", "*", "--url", url]);
    expect(flag).toMatchObject({ code: 1 });
    expect(flag.stderr).toContain("--url is the address of one PBX");
    const variable = await fleet.run(["apply", "--yes", "--target", "*"], { CALLFORM_URL: url });
    expect(variable.stderr).toContain("CALLFORM_URL is the address of one PBX");
    for (const pbx of fleet.pbxs.values()) expect(writesOf(pbx)).toEqual([]);
  });

  it("are not asked about", async () => {
    const fleet = await makeFleetProject(THREE);
    const ran = await fleet.run(["apply", "--target", "*"]);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("run with --yes");
    for (const pbx of fleet.pbxs.values()) expect(pbx.requests).toEqual([]);
  });

  it("must be named where there is more than one", async () => {
    const fleet = await makeFleetProject(THREE);
    const ran = await fleet.run(["plan"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("the project has 3 targets: berlin, munich, vienna");
  });

  it("need each their own word where prune: all would delete", async () => {
    const more = "    policy: { prune: all }\n";
    const fleet = await makeFleetProject(THREE.map((member) => ({ ...member, more })));
    const ran = await fleet.run(["plan", "--target", "*", "--confirm", "berlin,vienna"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("the target munich says prune: all");
    expect(ran.stderr).not.toContain("the target berlin says");
  });

  it("take turns where they share an API client", async () => {
    const fleet = await makeFleetProject([{ name: "one" }, { name: "two" }]);
    const one = fleet.pbx("one");
    const ran = await fleet.run(["plan", "--target", "*"], {
      TWO_URL: one.url,
      TWO_ID: one.clientId,
      TWO_SECRET: one.clientSecret,
    });
    expect(ran.code).toBe(0);
    expect(one.requests.filter(({ status }) => status === 401)).toEqual([]);
    expect(one.requests.filter(({ path }) => path === "/connect/token")).toHaveLength(2);
  });
});

describe("waves", () => {
  const WAVES = [
    { name: "pilot", more: "    wave: 1\n" },
    { name: "late", more: "    wave: 3\n" },
    { name: "second", more: "    wave: 2\n" },
    { name: "other", more: "    wave: 2\n" },
  ];

  it("come one after the other, and all go when each succeeds", async () => {
    const fleet = await makeFleetProject(WAVES);
    const ran = await fleet.run(["apply", "--yes", "--target", "*"]);
    expect(ran.code).toBe(0);
    const began = (name: string): number => ran.stderr.indexOf(`[${name}]   creating`);
    const ended = (name: string): number => ran.stderr.indexOf(`[${name}]   applied`);
    for (const name of ["second", "other"]) {
      expect(began(name)).toBeGreaterThan(ended("pilot"));
      expect(began("late")).toBeGreaterThan(ended(name));
    }
    expect(ended("pilot")).toBeGreaterThan(0);
  });

  it("stop after one that failed, and say so of the rest", async () => {
    const fleet = await makeFleetProject(WAVES);
    const ran = await fleet.run(["apply", "--yes", "--target", "*", "--format", "json"], {
      OTHER_SECRET: "wrong",
    });
    expect(ran.code).toBe(1);
    const { targets } = JSON.parse(ran.stdout) as FleetReport;
    expect(targets).toMatchObject([
      { name: "pilot", exitCode: 0 },
      { name: "late", exitCode: 130, skipped: "wave 2 did not succeed" },
      { name: "second", exitCode: 0 },
      { name: "other", exitCode: 1 },
    ]);
    expect(fleet.pbx("late").requests).toEqual([]);
  });

  it("do not hold up what only looks", async () => {
    const fleet = await makeFleetProject(WAVES);
    const ran = await fleet.run(["plan", "--target", "*"], { PILOT_SECRET: "wrong" });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("Targets: 1 failed, 3 done.");
  });
});

describe("saved plans of a fleet", () => {
  it("are written to a folder, and applied by their targets' names", async () => {
    const fleet = await makeFleetProject(THREE);
    expect(await fleet.run(["plan", "--target", "*", "--out", "plans"])).toMatchObject({ code: 0 });
    const files = NAMES.map((name) => `plans/${name}.json`);
    const [first = "", , third = ""] = files;
    const some = await fleet.run(["apply", "--yes", first, third]);
    expect(some).toMatchObject({ code: 0 });
    expect(fleet.pbx("munich").console.list()).toEqual([]);
    expect(fleet.pbx("vienna").console.list()).toHaveLength(1);
    const all = await fleet.run(["apply", "--yes", ...files]);
    expect(all.code).toBe(0);
    expect(all.stderr).toContain("[berlin]   plans/berlin.json was applied to its end at 20");
    expect(fleet.pbx("munich").console.list()).toHaveLength(1);
    const used = await fleet.run(["apply", "--yes", ...files]);
    expect(used.code).toBe(1);
    expect(used.stderr).toContain("error plan-used plans/berlin.json was applied to its end at 20");
  });

  it("are refused when two are for the same target, or one is missing", async () => {
    const fleet = await makeFleetProject(THREE);
    await fleet.run(["plan", "--target", "*", "--out", "plans"]);
    const twice = await fleet.run(["apply", "--yes", "plans/berlin.json", "plans/berlin.json"]);
    expect(twice.stderr).toContain("two of the saved plans are for the target berlin");
    const args = ["apply", "--yes", "--target", "berlin,munich", "plans/berlin.json"];
    const missing = await fleet.run(args);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("none of the saved plans is for the target munich");
    expect(fleet.pbx("berlin").console.list()).toHaveLength(1);
    expect(fleet.pbx("munich").console.list()).toEqual([]);
  });
});

describe("callform targets", () => {
  it("prints a matrix for GitHub Actions in one line, without needing any secret", async () => {
    const fleet = await makeFleetProject([{ name: "a", more: "    wave: 2\n" }, { name: "b" }]);
    const empty = { A_URL: "", A_ID: "", A_SECRET: "", B_URL: "", B_ID: "", B_SECRET: "" };
    const ran = await fleet.run(["targets", "--format", "json"], empty);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toBe('{"include":[{"target":"a","wave":2},{"target":"b","wave":1}]}\n');
    const text = await fleet.run(["targets"], empty);
    expect(text.stdout).toBe("b  wave 1  ${env:B_URL}\na  wave 2  ${env:A_URL}\n");
  });

  it("divides a fleet among machines", async () => {
    const names = Array.from({ length: 11 }, (_, index) => `t${index}`);
    const fleet = await makeFleetProject([]);
    fleet.write(
      "callform.yaml",
      `apiVersion: callform/v1\nkind: Project\ntargets: {${names.join(": {}, ")}: {}}\n`,
    );
    const shards = await Promise.all(
      ["1/3", "2/3", "3/3"].map(async (shard) => {
        const { stdout } = await fleet.run(["targets", "--shard", shard, "--format", "json"]);
        const matrix = JSON.parse(stdout) as { include: { target: string }[] };
        return matrix.include.map(({ target }) => target);
      }),
    );
    expect(shards.map((part) => part.length)).toEqual([4, 4, 3]);
    expect(shards.flat().toSorted()).toEqual(names.toSorted());
  });
});

describe("a fleet", () => {
  it("of 200 PBXs is applied in one run, none of them missed and none twice", async () => {
    const names = Array.from({ length: 200 }, (_, index) => `site-${index}`);
    const fleet = await makeFleetProject(names.map((name) => ({ name })));
    const ran = await fleet.run(["apply", "--yes", "--target", "*", "--parallel", "32"]);
    expect(ran.stdout).toContain("Targets: 200 done.");
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).not.toContain("Warning");
    // A draft, its script, and last its name.
    for (const pbx of fleet.pbxs.values()) {
      expect(pbx.console.get("806")?.CompilationSucceeded).toBe(true);
      expect(writesOf(pbx).map(({ method }) => method)).toEqual(["POST", "PATCH", "PATCH"]);
    }
  }, 120_000);
});
