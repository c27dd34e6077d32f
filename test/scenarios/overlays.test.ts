import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeFleetProject, type FleetProject } from "../support/project/fleet-project.ts";
import { writeApp, writesOf } from "../support/project/pbx-project.ts";
import { runProgram, type Ran } from "../support/program/run.ts";
import { makeRepository } from "../support/project/repository.ts";
import { BROKEN_LINE, writeBrokenScript, writeScript } from "../support/project/scripts.ts";

const STAGING = {
  name: "staging",
  more: `    overlay: overlays/staging.yaml
    variables: { HOTLINE: "199", TEAM: SUPPORT }
`,
};
const PRODUCTION = {
  name: "production",
  more: `    overlay: [overlays/shared.yaml, overlays/production.yaml]
    variables: { HOTLINE: "100", TEAM: "\${env:TEAM}" }
    policy: { prune: removed }
`,
};

const FILES = {
  ...writeApp("806", "afterhours", '  routingType: Forward\n  groups: [{ name: "${var:TEAM}" }]\n'),
  ...writeApp("807", "night", "  routingType: Forward\n"),
  ...writeApp("808", "trial"),
  "apps/night.cs": writeScript("Night", "${var:HOTLINE}.wav"),
  "overlays/staging.yaml": `apiVersion: callform/v1
kind: Overlay
patches:
  - add:
      apiVersion: callform/v1
      kind: CallFlowApp
      metadata: { number: "899" }
      spec: { name: echo, scriptFile: echo.cs }
`,
  "overlays/echo.cs": writeScript("Echo"),
  "overlays/shared.yaml": `apiVersion: callform/v1
kind: Overlay
patches:
  - { kind: CallFlowApp, number: "808", drop: true }
`,
  "overlays/production.yaml": `apiVersion: callform/v1
kind: Overlay
patches:
  - kind: CallFlowApp
    number: "806"
    patch:
      - { op: test, path: /spec/routingType, value: Forward }
      - { op: replace, path: /spec/routingType, value: DialCode }
      - { op: add, path: /spec/groups/-, value: { name: DEFAULT, role: managers } }
  - kind: CallFlowApp
    number: "807"
    merge:
      spec: { transcriptionMode: Both }
`,
};

const ENV = { TEAM: "SALES" };

interface PlannedField {
  readonly field: string;
  readonly after?: unknown;
  readonly diff?: string;
  readonly at?: { readonly file: string };
}

interface Plan {
  readonly changes: readonly { readonly key: string; readonly fields: readonly PlannedField[] }[];
}

/** Runs the built program with the credentials of every PBX. */
function runBuilt(fleet: FleetProject, args: readonly string[]): Promise<Ran> {
  const credentials = [...fleet.pbxs].flatMap(([name, { url, clientId, clientSecret }]) => [
    [`${name.toUpperCase()}_URL`, url],
    [`${name.toUpperCase()}_ID`, clientId],
    [`${name.toUpperCase()}_SECRET`, clientSecret],
  ]);
  return runProgram(args, {
    cwd: fleet.root,
    env: { ...Object.fromEntries(credentials), ...ENV },
  });
}

async function planTarget(fleet: FleetProject, name: string, ...more: string[]): Promise<Plan> {
  const { stdout } = await fleet.run(["plan", "--target", name, "--format", "json", ...more], ENV);
  return JSON.parse(stdout) as Plan;
}

/** `806 routingType`: every field that a plan would write, with its value. */
function listFields({ changes }: Plan): Map<string, unknown> {
  return new Map(
    changes.flatMap(({ key, fields }) =>
      fields.map(({ field, after, diff }) => [`${key} ${field}`, diff ?? after] as const),
    ),
  );
}

describe("one set of manifests for two targets with overlays and variables", () => {
  it("applies to both, then plans to nothing, and the plans differ only where the overlays say", async () => {
    const fleet = await makeFleetProject([STAGING, PRODUCTION], FILES);
    expect(await runBuilt(fleet, ["validate"])).toMatchObject({ code: 0 });

    const staging = listFields(await planTarget(fleet, "staging"));
    const production = listFields(await planTarget(fleet, "production"));
    const all = new Set([...staging.keys(), ...production.keys()]);
    const differing = [...all].filter(
      (key) => JSON.stringify(staging.get(key)) !== JSON.stringify(production.get(key)),
    );
    expect(differing.toSorted()).toEqual([
      "806 groups",
      "806 routingType",
      "807 scriptCode",
      "807 transcriptionMode",
      "808 name",
      "808 scriptCode",
      "899 name",
      "899 scriptCode",
    ]);
    expect(production.get("806 groups")).toEqual([
      { name: "DEFAULT", role: "managers" },
      { name: "SALES", role: "users" },
    ]);
    expect(staging.get("807 scriptCode")).toContain("199.wav");
    expect(production.get("807 scriptCode")).toContain("100.wav");

    for (const name of ["staging", "production"]) {
      expect(await runBuilt(fleet, ["apply", "--target", name, "--yes"])).toMatchObject({
        code: 0,
      });
    }
    for (const name of ["staging", "production"]) {
      const args = ["plan", "--target", name, "--detailed-exitcode"];
      const again = await runBuilt(fleet, args);
      expect(again.stdout).toContain("0 to create, 0 to update, 0 to delete");
      expect(again.code).toBe(0);
    }
    const numbers = (name: string): string[] =>
      fleet
        .pbx(name)
        .console.list()
        .map(({ Number: number }) => number);
    expect(numbers("staging").toSorted()).toEqual(["806", "807", "808", "899"]);
    expect(numbers("production").toSorted()).toEqual(["806", "807"]);
  });

  it("says in the plan which file gave what", async () => {
    const fleet = await makeFleetProject([STAGING, PRODUCTION], FILES);
    const { changes } = await planTarget(fleet, "production");
    const files = new Map(
      changes.flatMap(({ key, fields }) =>
        fields.map(({ field, at }) => [`${key} ${field}`, at?.file] as const),
      ),
    );
    expect(files.get("806 name")).toBe("apps/afterhours.yaml");
    expect(files.get("806 routingType")).toBe("overlays/production.yaml");
    expect(files.get("806 groups")).toBe("overlays/production.yaml");
    expect(files.get("807 transcriptionMode")).toBe("overlays/production.yaml");
    expect(files.get("807 scriptCode")).toBe("apps/night.yaml");
  });

  it("tells what the compiler says at the line of the script that an overlay names", async () => {
    const fleet = await makeFleetProject([STAGING], {
      ...FILES,
      "overlays/echo.cs": writeBrokenScript("Echo"),
    });
    const ran = await fleet.run(["apply", "--target", "staging", "--yes"], ENV);
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toMatch(new RegExp(`overlays/echo\\.cs:${BROKEN_LINE}:\\d+`));
  });
});

describe("an overlay and a base", () => {
  it("are compared as the target was then: an app that the overlay came to drop is removed", async () => {
    const fleet = await makeFleetProject([PRODUCTION], {
      ...FILES,
      "overlays/shared.yaml": "apiVersion: callform/v1\nkind: Overlay\npatches: []\n",
    });
    const repository = makeRepository(fleet.root);
    repository.commit("first");
    expect(await fleet.run(["apply", "--target", "production", "--yes"], ENV)).toMatchObject({
      code: 0,
    });
    fleet.write("overlays/shared.yaml", FILES["overlays/shared.yaml"]);
    fleet.write(
      "overlays/production.yaml",
      FILES["overlays/production.yaml"].replace("DialCode", "Trunk"),
    );
    const args = ["plan", "--target", "production", "--base", "HEAD"];
    const text = await fleet.run(args, ENV);
    expect(text.stdout).toContain("- delete CallFlowApp 808");
    expect(text.stdout).toContain('routingType  "DialCode" -> "Trunk"');
    expect(text.stdout).not.toMatch(/Drift:|Conflict:/);
    const applied = await fleet.run(["apply", ...args.slice(1), "--yes"], ENV);
    expect(applied.code).toBe(0);
    expect(fleet.pbx("production").console.get("808")).toBeUndefined();
  });

  it("that had an overlay which is broken say so with the commit", async () => {
    const fleet = await makeFleetProject([PRODUCTION], FILES);
    fleet.write("overlays/shared.yaml", "patches: [\n");
    makeRepository(fleet.root).commit("broken");
    fleet.write("overlays/shared.yaml", FILES["overlays/shared.yaml"]);
    const ran = await fleet.run(["plan", "--target", "production", "--base", "HEAD"], ENV);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("HEAD:overlays/shared.yaml:");
  });
});

describe("validate", () => {
  it("looks at every target, and names the one that alone has a problem", async () => {
    const fleet = await makeFleetProject([STAGING, PRODUCTION, { name: "plain" }], {
      ...FILES,
      "overlays/staging.yaml": FILES["overlays/staging.yaml"].replace("echo.cs", "gone.cs"),
      "apps/broken.yaml": "kind: X\n",
    });
    const ran = await fleet.run(["validate"]);
    expect(ran.code).toBe(1);
    const lines = ran.stderr.split("\n").filter((line) => line.includes(" error "));
    expect(lines).toEqual([
      "apps/afterhours.yaml:9:21 error unresolved-reference the variable TEAM is not set (target plain)",
      'apps/broken.yaml:1:7 error unknown-kind "X" is not a known kind',
      "apps/night.cs:12:38 error unresolved-reference the variable HOTLINE is not set (target plain)",
      "overlays/staging.yaml:8:39 error script-missing-file overlays/gone.cs does not exist (target staging)",
    ]);
    expect(ran.stdout).toContain("Invalid:");
  });

  it("counts the apps of all targets, and finds mistakes in scripts that one of them has", async () => {
    const fleet = await makeFleetProject([STAGING, PRODUCTION], {
      ...FILES,
      "overlays/echo.cs": writeBrokenScript("Echo"),
    });
    const ran = await fleet.run(["validate"]);
    expect(ran.stdout).toContain("4 apps in 3 files");
    expect(ran.stderr).toMatch(/overlays\/echo\.cs:1[01]:.* warning .*\(target staging\)/);
  });

  it("needs no environment, and the overlay's file must not come from it", async () => {
    const fleet = await makeFleetProject([PRODUCTION], {
      ...FILES,
      "overlays/production.yaml": FILES["overlays/production.yaml"].replace(
        "Both",
        '"${env:MODE}"',
      ),
    });
    expect(await fleet.run(["validate"])).toMatchObject({ code: 0 });
    const planned = await fleet.run(["plan", "--target", "production"], ENV);
    expect(planned.code).toBe(1);
    expect(planned.stderr).toContain("the environment variable MODE is not set");
    const args = ["plan", "--target", "production"];
    const set = await fleet.run(args, { ...ENV, MODE: "Voicemail" });
    expect(set.stdout).toContain('transcriptionMode  "Voicemail"');
    fleet.write(
      "callform.yaml",
      fleet.read("callform.yaml").replace("overlays/shared.yaml", '"${env:X}"'),
    );
    const ran = await fleet.run(["validate"]);
    expect(ran.stderr).toMatch(/callform\.yaml:\d+:\d+ error misplaced-reference/);
  });
});

describe("render", () => {
  it("prints what a target has, each value with where it is from; nothing is asked of the PBX", async () => {
    const fleet = await makeFleetProject([STAGING, PRODUCTION], FILES);
    fleet.write(
      "apps/night.yaml",
      `${fleet.read("apps/night.yaml")}  trunk: { number: "\${secret:TRUNK}" }\n`,
    );
    const ran = await runBuilt(fleet, ["render", "--target", "production"]);
    expect(ran.stdout)
      .toBe(`# 2 manifests on target production. File names are relative to the project folder.
---
apiVersion: callform/v1 # apps/afterhours.yaml:1
kind: CallFlowApp # apps/afterhours.yaml:2
metadata:
  number: "806" # apps/afterhours.yaml:4
spec:
  name: afterhours # apps/afterhours.yaml:6
  scriptFile: apps/afterhours.cs # apps/afterhours.yaml:7
  routingType: DialCode # overlays/production.yaml:8 (overlay)
  groups:
    - name: SALES # apps/afterhours.yaml:9, \${var:TEAM} of target production
    - name: DEFAULT # overlays/production.yaml:9 (overlay)
      role: managers # overlays/production.yaml:9 (overlay)
---
apiVersion: callform/v1 # apps/night.yaml:1
kind: CallFlowApp # apps/night.yaml:2
metadata:
  number: "807" # apps/night.yaml:4
spec:
  name: night # apps/night.yaml:6
  scriptFile: apps/night.cs # apps/night.yaml:7
  routingType: Forward # apps/night.yaml:8
  trunk:
    number: \${secret:TRUNK} # apps/night.yaml:9
  transcriptionMode: Both # overlays/production.yaml:13 (overlay)
`);
    expect(ran.code).toBe(0);
    for (const pbx of fleet.pbxs.values()) expect(pbx.requests).toEqual([]);
  });

  it("gives manifests that plan to the same, without the overlay", async () => {
    const fleet = await makeFleetProject([STAGING, PRODUCTION], FILES);
    const before = listFields(await planTarget(fleet, "production"));
    const { stdout } = await fleet.run(["render", "--target", "production"], ENV);
    for (const name of ["afterhours", "night", "trial"]) rmSync(fleet.path(`apps/${name}.yaml`));
    fleet.write("apps/all.yaml", stdout.replaceAll("scriptFile: apps/", "scriptFile: "));
    for (const name of ["shared", "production"])
      fleet.write(`overlays/${name}.yaml`, "apiVersion: callform/v1\nkind: Overlay\npatches: []\n");
    expect(listFields(await planTarget(fleet, "production"))).toEqual(before);
  });

  it("as JSON has the manifests and the place of every value", async () => {
    const fleet = await makeFleetProject([STAGING, PRODUCTION], FILES);
    const args = ["render", "--target", "production", "--format", "json", "--only", "806"];
    const report = JSON.parse((await fleet.run(args, ENV)).stdout);
    expect(report).toMatchObject({ formatVersion: 1, command: "render", target: "production" });
    expect(report.manifests).toHaveLength(1);
    expect(report.manifests[0].manifest.spec.groups[0]).toEqual({ name: "SALES" });
    expect(report.manifests[0].origins["/spec/groups/0/name"]).toMatchObject({
      at: { file: "apps/afterhours.yaml", line: 9 },
      overlay: false,
      references: ["${var:TEAM}"],
    });
    expect(report.manifests[0].origins["/spec/routingType"].overlay).toBe(true);
  });

  it.each([
    [["render"], "2 targets are rendered one at a time"],
    [["render", "--target", "production", "--only", "999"], "no manifest has the number 999"],
    [["render", "--target", "nowhere"], 'there is no target "nowhere"'],
    [["render", "--target", "production"], "the environment variable TEAM is not set"],
  ])("%j is refused: %s", async (args, message) => {
    const fleet = await makeFleetProject([STAGING, PRODUCTION], FILES);
    const ran = await fleet.run(args, args.includes("999") ? ENV : {});
    expect(ran.code).toBe(1);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain(message);
  });

  it("works without a target, and tells every mistake instead of printing half", async () => {
    const fleet = await makeFleetProject([], writeApp("806", "afterhours"));
    fleet.write("callform.yaml", "apiVersion: callform/v1\nkind: Project\n");
    const ran = await fleet.run(["render"]);
    expect(ran.stdout).toMatch(/^# 1 manifest\. File names/);
    fleet.write("apps/b.yaml", "a: 1\n");
    fleet.write("apps/c.yaml", "b: 1\n");
    const broken = await fleet.run(["render"]);
    expect(broken).toMatchObject({ code: 1, stdout: "" });
    expect(broken.stderr).toMatch(/apps\/b\.yaml[^]*apps\/c\.yaml/);
  });
});

describe("a choice of files", () => {
  it.each(["removed", "all"])(
    "deletes nothing that is in others, or in an overlay alone, with prune: %s",
    async (prune) => {
      const more = STAGING.more + `    policy: { prune: ${prune} }\n`;
      const fleet = await makeFleetProject([{ ...STAGING, more }], FILES);
      makeRepository(fleet.root).commit("first");
      const apply = ["apply", "--target", "staging", "--yes", "--confirm", "staging"];
      expect(await fleet.run(apply, ENV)).toMatchObject({ code: 0 });
      const args = ["plan", "--target", "staging", "--base", "HEAD", "--confirm", "staging"];
      const ran = await fleet.run([...args, "--format", "json", "apps/night.yaml"], ENV);
      expect(JSON.parse(ran.stdout)).toMatchObject({ partial: true, changes: [] });
    },
  );
});

describe("an overlay that drops an app", () => {
  it("leaves the app alone on a PBX whose policy does not prune", async () => {
    const fleet = await makeFleetProject(
      [{ ...PRODUCTION, more: PRODUCTION.more.replace("removed", "never") }],
      { ...FILES, "overlays/shared.yaml": "apiVersion: callform/v1\nkind: Overlay\npatches: []\n" },
    );
    await fleet.run(["apply", "--target", "production", "--yes"], ENV);
    fleet.write("overlays/shared.yaml", FILES["overlays/shared.yaml"]);
    const pbx = fleet.pbx("production");
    pbx.clearRequests();
    expect(await fleet.run(["apply", "--target", "production", "--yes"], ENV)).toMatchObject({
      code: 0,
    });
    expect(pbx.console.get("808")).toBeDefined();
    expect(writesOf(pbx)).toEqual([]);
  });
});
