import { describe, expect, it } from "vitest";
import {
  makePbxProject,
  writeApp,
  writeManifest,
  writesOf,
  toClassName,
  numbersOf,
} from "../support/project/pbx-project.ts";
import {
  BROKEN_LINE,
  writeBrokenScript,
  writeLongScript,
  writeScript,
} from "../support/project/scripts.ts";

describe("the life of an app", () => {
  it("is created, then left alone, then changed by exactly one PATCH", async () => {
    const project = await makePbxProject(writeApp("806", "afterhours"));
    const first = await project.run(["apply", "--yes"]);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain("Plan: 1 to create, 0 to update, 0 to delete, 0 unchanged.");
    expect(first.stdout).toContain("Apply: 1 applied, 0 unchanged.");
    expect(project.pbx.console.get("806")).toMatchObject({
      Name: "afterhours",
      ScriptCode: writeScript("Afterhours"),
      CompilationSucceeded: true,
      InvalidScript: false,
    });

    const second = await project.run(["plan", "--detailed-exitcode"]);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain("No changes.");
    expect(second.stdout).toContain("Plan: 0 to create, 0 to update, 0 to delete, 1 unchanged.");

    project.write("apps/afterhours.cs", writeScript("Afterhours", "closed.wav"));
    project.pbx.clearRequests();
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 2 });
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    expect(writesOf(project.pbx)).toHaveLength(1);
    expect(writesOf(project.pbx)[0]).toMatchObject({
      method: "PATCH",
      body: { ScriptCode: writeScript("Afterhours", "closed.wav") },
    });
  });

  it("gets departments, trunk, routing and transcription by the names people know", async () => {
    const more = `  routingType: Trunk
  transcriptionMode: Both
  trunk: { number: "10001" }
  groups: [{ name: SUPPORT, role: managers }, { name: DEFAULT }]
`;
    const project = await makePbxProject(writeApp("807", "spamfilter", more));
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    const app = project.pbx.console.get("807");
    expect(app).toMatchObject({
      RoutingType: "Trunk",
      TranscriptionMode: "Both",
      Trunk: { Number: "10001" },
    });
    expect(app?.Groups.map(({ Name, RoleName }) => `${Name} ${RoleName}`).toSorted()).toEqual([
      "DEFAULT users",
      "SUPPORT managers",
    ]);
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  });

  it("clears a trunk with null and departments with an empty list, and leaves what is absent alone", async () => {
    const full = `  routingType: Trunk
  trunk: { number: "10001" }
  groups: [{ name: SUPPORT }]
`;
    const project = await makePbxProject(writeApp("807", "spamfilter", full));
    await project.run(["apply", "--yes"]);
    project.write("apps/spamfilter.yaml", writeManifest("807", "spamfilter"));
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
    project.write(
      "apps/spamfilter.yaml",
      writeManifest("807", "spamfilter", "  trunk: null\n  groups: []\n"),
    );
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    expect(project.pbx.console.get("807")).toMatchObject({ Trunk: null, Groups: [] });
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  });

  it("keeps its old script when the new one is refused, and names the line of the user's file", async () => {
    const project = await makePbxProject(writeApp("806", "afterhours"));
    await project.run(["apply", "--yes"]);
    project.write("apps/afterhours.cs", writeBrokenScript("Afterhours"));
    project.write(
      "apps/afterhours.yaml",
      writeManifest("806", "renamed").replace("renamed.cs", "afterhours.cs"),
    );
    const refused = await project.run(["apply", "--yes"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      new RegExp(`apps/afterhours\\.cs:${BROKEN_LINE}:\\d+ error script-refused`),
    );
    expect(refused.stdout).toContain("Apply: 1 refused, 0 unchanged.");
    expect(project.pbx.console.get("806")).toMatchObject({
      ScriptCode: writeScript("Afterhours"),
      Name: "afterhours",
      InvalidScript: false,
    });
    const status = await project.run(["status"]);
    expect(status.code).toBe(2);
    expect(status.stdout).toContain("the one before still answers calls");
  });

  it("is removed again when its very first script is refused, unless it is to be kept", async () => {
    const project = await makePbxProject({
      ...writeApp("806", "afterhours"),
      "apps/afterhours.cs": writeBrokenScript("Afterhours"),
    });
    const refused = await project.run(["apply", "--yes"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("the new resource was removed again");
    expect(project.pbx.console.get("806")).toBeUndefined();
    expect(await project.run(["apply", "--yes", "--keep-failed"])).toMatchObject({ code: 1 });
    expect(project.pbx.console.get("806")).toMatchObject({ InvalidScript: true });
    const planned = await project.run(["plan"]);
    expect(planned.stdout).toContain("No changes.");
    expect(planned.stderr).toMatch(
      /warning unhealthy CallFlowApp 806 has no script that runs \(.+\), and/,
    );
    project.write("apps/afterhours.cs", writeScript("Afterhours"));
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
  });

  it("goes through 25 apps with scripts of 2 to 40 KB, and then has nothing left to do", async () => {
    const files: Record<string, string> = {};
    for (let n = 0; n < 25; n += 1) {
      const name = `app${n}`;
      Object.assign(files, writeApp(String(900 + n), name));
      files[`apps/${name}.cs`] = writeLongScript(toClassName(name), 2_000 + n * 1_600);
    }
    const project = await makePbxProject(files);
    const applied = await project.run(["apply", "--yes"]);
    expect(applied.stdout).toContain("Apply: 25 applied, 0 unchanged.");
    expect(applied.code).toBe(0);
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });

    files["apps/app7.cs"] = (files["apps/app7.cs"] ?? "").replace('return "800";', 'return "850";');
    project.write("apps/app7.cs", files["apps/app7.cs"]);
    project.pbx.clearRequests();
    const changed = await project.run(["apply", "--yes"]);
    expect(changed.stdout).toContain("Plan: 0 to create, 1 to update, 0 to delete, 24 unchanged.");
    expect(writesOf(project.pbx).map(({ method }) => method)).toEqual(["PATCH"]);
  });

  it("goes on with the others when one script is refused", async () => {
    const project = await makePbxProject({
      ...writeApp("806", "good"),
      ...writeApp("807", "bad"),
      ...writeApp("808", "fine"),
      "apps/bad.cs": writeBrokenScript("Bad"),
    });
    const applied = await project.run(["apply", "--yes"]);
    expect(applied.code).toBe(1);
    expect(applied.stdout).toContain("Apply: 2 applied, 1 refused, 0 unchanged.");
    expect(numbersOf(project.pbx)).toEqual(["806", "808"]);
  });
});

describe("plan", () => {
  it("sends GETs and one token POST, and nothing else", async () => {
    const more = "  groups: [{ name: SUPPORT }]\n";
    const project = await makePbxProject({
      ...writeApp("806", "one", more),
      ...writeApp("807", "two"),
    });
    expect(await project.run(["plan"])).toMatchObject({ code: 0 });
    expect(writesOf(project.pbx)).toEqual([]);
    expect(project.pbx.requests.filter(({ path }) => path === "/connect/token")).toHaveLength(1);
  });

  it("reads an unchanged PBX of 250 apps in a token and three pages", async () => {
    const apps = Array.from({ length: 250 }, (_, n) => ({
      number: String(1000 + n),
      name: `app${n}`,
      scriptCode: writeScript(`App${n}`),
    }));
    const project = await makePbxProject(
      {
        "apps/one.yaml": writeManifest("1007", "app7").replace("app7.cs", "one.cs"),
        "apps/one.cs": writeScript("App7"),
      },
      { seed: { apps } },
    );
    const planned = await project.run(["plan", "--detailed-exitcode"]);
    expect(planned.code).toBe(0);
    expect(project.pbx.requests.map(({ method }) => method).toSorted()).toEqual([
      "GET",
      "GET",
      "GET",
      "POST",
    ]);
    expect(planned.stdout).toContain("Not in any manifest, left alone: 1000, 1001,");
  });

  it("says where a department, a trunk or a number cannot be had", async () => {
    const more = `  routingType: Trunk
  trunk: { number: "10009" }
  groups: [{ name: SUPORT }]
`;
    const project = await makePbxProject({
      ...writeApp("820", "taken"),
      ...writeApp("807", "lost", more),
    });
    const planned = await project.run(["plan"]);
    expect(planned.code).toBe(1);
    expect(planned.stderr).toContain(
      'apps/lost.yaml:10:11 error lookup-missing the PBX has no department "SUPORT"',
    );
    expect(planned.stderr).toContain("did you mean SUPPORT?");
    expect(planned.stderr).toContain(
      'apps/lost.yaml:9:10 error lookup-missing the PBX has no trunk "10009"',
    );
    expect(planned.stderr).toMatch(
      /apps\/taken\.yaml:4:\d+ error guard-number-taken number 820 is already taken on the PBX by Queue Support queue/,
    );
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 1 });
    expect(writesOf(project.pbx)).toEqual([]);
  });
});
