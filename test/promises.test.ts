import { PLAN_MEMBERS } from "./support/render/samples.ts";
import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createClient } from "../src/xapi/client.ts";
import { systemClock } from "../src/app/clock.ts";
import { Secret } from "../src/domain/secret.ts";
import { makeFolder } from "./support/project/folder.ts";
import {
  makePbxProject,
  PROJECT_FILE,
  writeApp,
  writeManifest,
  writesOf,
  numbersOf,
} from "./support/project/pbx-project.ts";
import { makeRepository } from "./support/project/repository.ts";
import { runProgram } from "./support/program/run.ts";
import { BROKEN_LINE, writeBrokenScript, writeScript } from "./support/project/scripts.ts";

const two = {
  ...writeApp("806", "one", "  groups: [{ name: SUPPORT }]\n"),
  ...writeApp("807", "two"),
};

describe("the promises of the README", () => {
  it("are tested here, each of them", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const promised = [...readme.matchAll(/^\d+\. \*\*(.+?)\*\*/gm)].map(([, text]) => text);
    const own = readFileSync(import.meta.filename, "utf8");
    expect(promised.length).toBeGreaterThanOrEqual(9);
    for (const promise of promised) expect(own).toContain(`it("${promise?.replace(/[.,]$/, "")}`);
  });

  it("Plan never writes", async () => {
    const project = await makePbxProject(two);
    for (const args of [
      ["plan"],
      ["plan", "--out", "p.json"],
      ["status"],
      ["plan", "--format", "json"],
    ]) {
      await project.run(args);
      expect(writesOf(project.pbx)).toEqual([]);
    }
    const { url: origin, clientId, clientSecret } = project.pbx;
    const client = createClient({
      origin,
      clientId,
      clientSecret: new Secret(clientSecret),
      clock: systemClock,
    });
    expect(Object.keys(client.reader)).toEqual(["list"]);
    await client.close();
  });

  it("Nothing is deleted unless you asked twice", async () => {
    const project = await makePbxProject(two);
    await project.run(["apply", "--yes"]);
    await project.pbx.console.create({ Number: "890", Name: "byhand" });
    const only = makeFolder({ "callform.yaml": PROJECT_FILE, ...writeApp("806", "one") });
    const { url, clientId, clientSecret } = project.pbx;
    const env = { PBX_URL: url, PBX_CLIENT_ID: clientId, PBX_CLIENT_SECRET: clientSecret };
    const ran = await runProgram(["apply", "--yes"], { cwd: only.root, env });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("Not in any manifest, left alone: 807, 890.");
    expect(project.pbx.console.list()).toHaveLength(3);

    // The target says prune, but the manifest is still there; and the other way round.
    const prune = `${PROJECT_FILE}    policy: { prune: removed }\n`;
    const repository = makeRepository(project.root);
    project.write("callform.yaml", prune);
    const base = repository.commit("both");
    expect(await project.run(["apply", "--yes", "--base", base])).toMatchObject({ code: 0 });
    expect(project.pbx.console.list()).toHaveLength(3);
    rmSync(project.path("apps/two.yaml"));
    project.write("callform.yaml", PROJECT_FILE);
    expect(await project.run(["apply", "--yes", "--base", base])).toMatchObject({ code: 0 });
    expect(project.pbx.console.list()).toHaveLength(3);
    project.write("callform.yaml", prune);
    expect(await project.run(["apply", "--yes", "--base", base])).toMatchObject({ code: 0 });
    expect(numbersOf(project.pbx)).toEqual(["806", "890"]);
  });

  it("Apply twice, change once", async () => {
    const project = await makePbxProject(two);
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    project.pbx.clearRequests();
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    expect(writesOf(project.pbx)).toEqual([]);
  });

  it("What was reviewed is what is applied", async () => {
    const project = await makePbxProject(two);
    await project.run(["plan", "--out", "reviewed.json"]);
    project.write("apps/two.cs", writeScript("Two", "changed-after-review.wav"));
    const ran = await project.run(["apply", "reviewed.json", "--yes"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("CallFlowApp 807: scriptCode is to get another value now");
    expect(writesOf(project.pbx)).toEqual([]);
  });

  it("A refused script leaves the old one answering calls", async () => {
    const project = await makePbxProject(two);
    await project.run(["apply", "--yes"]);
    project.write("apps/two.cs", writeBrokenScript("Two"));
    const ran = await project.run(["apply", "--yes"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      new RegExp(`apps/two\\.cs:${BROKEN_LINE}:\\d+ error script-refused`),
    );
    expect(project.pbx.console.get("807")?.runnable).toBe(writeScript("Two"));
  });

  it("Killed anywhere, run again, same end", async () => {
    const project = await makePbxProject(two, { latency: 20 });
    const cut = await project.run(["apply", "--yes", "--concurrency", "1"], {
      onStderr: (text, child) => {
        if (text.includes("compiling")) child.kill("SIGKILL");
      },
    });
    expect(cut.code).toBeNull();
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
    expect(project.pbx.console.list()).toHaveLength(2);
  });

  it("Secrets appear nowhere", async () => {
    const pin = "canary-7391-pin";
    const manifest = writeManifest("806", "one").replace("name: one", "name: one");
    const script = writeScript("One", "${secret:PIN}");
    const project = await makePbxProject({ "apps/one.yaml": manifest, "apps/one.cs": script });
    const run = async (...args: string[]): Promise<string> => {
      const env = { PIN: pin };
      const { stdout, stderr } = await project.run([...args, "--log-file", "audit.log"], { env });
      return stdout + stderr;
    };
    const outputs = [
      await run("plan", "--out", "plan.json"),
      await run("plan", "--format", "json"),
    ];
    project.write("apps/one.cs", script.replace("AssureMedia();", 'AssureMedia() "${secret:PIN}"'));
    outputs.push(await run("apply", "--yes", "--keep-failed"));
    project.write("apps/one.cs", script);
    outputs.push(await run("apply", "--yes"), await run("status", "--format", "json"));
    outputs.push(project.read("plan.json"), project.read("audit.log"));
    expect(project.pbx.console.get("806")?.ScriptCode).toContain(pin);
    expect(outputs[0]).toContain("contains a secret, not shown");
    for (const secret of [pin, project.pbx.clientSecret])
      for (const output of outputs) {
        expect(output).not.toContain(secret);
        expect(output).not.toContain(Buffer.from(secret).toString("base64").replace(/=+$/, ""));
      }
  });

  it("Pull then plan is empty", async () => {
    const crlf = writeScript("Two").replaceAll("\n", "\r\n");
    const seed = {
      departments: [{ name: "no" }, { name: "Büro: 1" }],
      trunks: [{ number: "10001", name: "provider" }],
      apps: [
        { number: "806", name: "one", scriptCode: `\uFEFF${writeScript("One")}// \${secret:X}` },
        { number: "*39", name: "1e3", scriptCode: crlf, routingType: "Trunk", trunk: "10001" },
        { number: "807", name: "# odd", groups: [{ name: "no" }, { name: "Büro: 1" }] },
      ],
    };
    const project = await makePbxProject({}, { seed });
    expect(await project.run(["pull"])).toMatchObject({ code: 0 });
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
    const repository = makeRepository(project.root);
    project.write("apps/one.yaml", `# by hand\n${project.read("apps/one.yaml")}`);
    repository.commit("as pulled");
    expect(await project.run(["pull"])).toMatchObject({ code: 0 });
    expect(repository.git("status", "--porcelain")).toBe("");
    await project.pbx.console.edit("806", { Name: "first" });
    expect(await project.run(["pull"])).toMatchObject({ code: 0 });
    expect(repository.git("diff", "--numstat")).toBe("1\t1\tapps/one.yaml");
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
    expect(writesOf(project.pbx)).toEqual([]);
  });

  it("Every problem at once, each with file, line and column", async () => {
    const folder = makeFolder({
      "apps/a.yaml": writeManifest("806", "one").replace("name: one", "nme: one"),
      "apps/b.yaml": writeManifest("807", "two").replace("number", "nummer"),
    });
    const ran = await runProgram(["validate"], { cwd: folder.root });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/apps\/a\.yaml:6:3 error unknown-key/);
    expect(ran.stderr).toMatch(/apps\/b\.yaml:4:3 error unknown-key/);
    for (const line of ran.stderr.split("\n").filter((text) => text.includes(" error ")))
      expect(line).toMatch(/^apps\/[ab]\.yaml:\d+:\d+ error /);
  });

  it("Output formats and exit codes are stable", async () => {
    const project = await makePbxProject(two);
    const codes = [
      (await project.run(["validate"])).code,
      (await project.run(["plan"])).code,
      (await project.run(["plan", "--detailed-exitcode"])).code,
      (await project.run(["status"])).code,
      (await project.run(["apply"])).code,
      (await project.run(["apply", "--yes"])).code,
      (await project.run(["status"])).code,
      (await project.run(["plan", "--unknown"])).code,
    ];
    expect(codes).toEqual([0, 0, 2, 2, 1, 0, 0, 1]);
    const plan = JSON.parse((await project.run(["plan", "--format", "json"])).stdout);
    expect(Object.keys(plan)).toEqual(PLAN_MEMBERS);
  });
});
