import { describe, expect, it } from "vitest";
import { buildPackage, writePackageManifest, zipFiles } from "../support/project/packages.ts";
import {
  makePbxProject,
  writeApp,
  writeManifest,
  writesOf,
} from "../support/project/pbx-project.ts";
import { makeRepository } from "../support/project/repository.ts";
import { BROKEN_LINE, writeBrokenScript, writeScript } from "../support/project/scripts.ts";

const MANIFEST = writeManifest("806", "menu").replace("menu.cs", "menu.zip");
const SCRIPT = writeScript("Main").replaceAll("\n", "\r\n");
const BROKEN = writeBrokenScript("Main").replaceAll("\n", "\r\n");

function makeProject(zip: Uint8Array) {
  return makePbxProject({ "apps/menu.yaml": MANIFEST, "apps/menu.zip": zip });
}

describe("a package of the Call Flow Designer", () => {
  it("is applied like a script beside the manifest, and then plans to nothing", async () => {
    const project = await makeProject(buildPackage());
    expect(await project.run(["validate"])).toMatchObject({ code: 0 });
    const plan = await project.run(["plan", "--detailed-exitcode"]);
    expect(plan).toMatchObject({ code: 2 });
    expect(plan.stdout).toContain("scriptCode  (16 lines)");
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    const sent = writesOf(project.pbx).map(({ body }) => JSON.stringify(body));
    expect(sent.some((body) => body.includes("ScriptBase<Main>"))).toBe(true);
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  });

  it("gives the plan, and the digest, of the same script beside the manifest", async () => {
    const project = await makeProject(buildPackage());
    const readPlan = async () =>
      JSON.parse((await project.run(["plan", "--format", "json"])).stdout);
    const packed = await readPlan();
    project.write("apps/menu.cs", SCRIPT);
    project.write("apps/menu.yaml", writeManifest("806", "menu"));
    const plain = await readPlan();
    expect(packed.digest).toBe(plain.digest);
    expect(packed.changes[0].patch).toEqual(plain.changes[0].patch);
  });

  it("changes nothing when it is packed anew, and shows one line when one line was edited", async () => {
    const project = await makeProject(buildPackage());
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    project.write(
      "apps/menu.zip",
      zipFiles({
        "Sources\\Main.cs": SCRIPT,
        "Audio/new.wav": "RIFF",
        "manifest.xml": writePackageManifest("806"),
      }),
    );
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
    const edited = SCRIPT.replace("welcome.wav", "goodbye.wav");
    project.write("apps/menu.zip", buildPackage({ script: edited }));
    const plan = await project.run(["plan", "--detailed-exitcode"]);
    expect(plan.code).toBe(2);
    const moved = plan.stdout.split("\n").filter((line) => /^\s*[-+] .*wav/.test(line));
    expect(moved).toHaveLength(2);
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
  });

  it("is compared with the package that the base has", async () => {
    const project = await makeProject(buildPackage());
    const repository = makeRepository(project.root);
    repository.commit("first");
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    const edited = SCRIPT.replace("welcome.wav", "goodbye.wav");
    project.write("apps/menu.zip", buildPackage({ script: edited }));
    const plan = await project.run(["plan", "--base", "HEAD"]);
    expect(plan.code).toBe(0);
    expect(plan.stdout).toContain("Changed in Git");
    expect(plan.stdout).not.toMatch(/Drift:|Conflict:/);
  });

  it("whose script the PBX refuses has the compiler's words at the line in it", async () => {
    const project = await makeProject(buildPackage({ script: BROKEN }));
    const ran = await project.run(["apply", "--yes"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      new RegExp(
        `^apps/menu\\.zip/Sources/Main\\.cs:${BROKEN_LINE}:\\d+ error script-refused`,
        "m",
      ),
    );
  });

  it("has its mistakes told in every format that validate knows", async () => {
    const project = await makeProject(buildPackage({ script: BROKEN }));
    const place = new RegExp(`apps/menu\\.zip/Sources/Main\\.cs:${BROKEN_LINE}:\\d+`);
    const validate = async (...more: readonly string[]) =>
      project.run(["validate", "--strict", ...more]);
    expect((await validate()).stderr).toMatch(place);
    const github = await validate("--format", "github");
    expect(github.stdout).toMatch(/^::error file=apps\/menu\.zip,title=/m);
    expect(github.stdout).toMatch(place);
    const sarif = JSON.parse((await validate("--format", "sarif")).stdout);
    const [result] = sarif.runs[0].results;
    expect(result.message.text).toMatch(place);
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "apps/menu.zip" },
    });
  });

  it.each(["807", "*39"])("that was built for %s may run under another number", async (other) => {
    const project = await makeProject(buildPackage({ extension: other }));
    const ran = await project.run(["apply", "--yes"]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(
      `apps/menu.yaml:7:15 warning archive-key apps/menu.zip was built for ${other}, and the manifest says 806`,
    );
    expect(project.pbx.console.get("806")).toBeDefined();
  });

  it("that is hostile stops the plan with its reason, beside all other problems", async () => {
    const project = await makePbxProject({
      "apps/menu.yaml": MANIFEST,
      "apps/menu.zip": buildPackage({ more: { "../../evil.cs": "x" } }),
      ...writeApp("807", "other", "  colour: red\n"),
    });
    const ran = await project.run(["plan"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(
      'apps/menu.zip:1:1 error archive-invalid apps/menu.zip holds "../../evil.cs", which leads out of the archive',
    );
    expect(ran.stderr).toContain("apps/other.yaml:8:3 error unknown-key");
    expect(writesOf(project.pbx)).toEqual([]);
  });
});
