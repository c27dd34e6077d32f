import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { hashBytes, JOURNAL } from "../../src/manifest/files/journal.ts";
import { makeFolder } from "../support/project/folder.ts";
import { runInline } from "../support/program/inline.ts";
import { LIVE } from "../support/pbx/live-seed.ts";
import {
  makePbxProject,
  PROJECT_FILE,
  SEED,
  writeApp,
  writesOf,
} from "../support/project/pbx-project.ts";
import { makeRepository } from "../support/project/repository.ts";
import { runProgram } from "../support/program/run.ts";
import { writeScript } from "../support/project/scripts.ts";

describe("adopting a live PBX", () => {
  it("gives a repository that plans to nothing, and a plan of one line for one edit", async () => {
    const { run, pbx, root, ...project } = await makePbxProject({}, { seed: LIVE });
    const shown = await run(["pull", "--dry-run"]);
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toContain("Nothing was written (--dry-run).");
    expect(existsSync(project.path("apps"))).toBe(false);

    const pulled = await run(["pull"]);
    expect(pulled).toMatchObject({ code: 0, stderr: "" });
    expect(pulled.stdout).toContain("Pull: 114 files created, 0 updated; 0 unchanged.");
    expect(await run(["validate"])).toMatchObject({
      code: 0,
      stdout: "Valid: 60 apps in 60 files.\n",
    });
    expect(await run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
    expect(writesOf(pbx)).toEqual([]);

    const repository = makeRepository(root);
    repository.commit("as the PBX is");
    expect(await run(["pull"])).toMatchObject({ code: 0 });
    expect(repository.git("status", "--porcelain")).toBe("");

    const script = project.path("apps/app20.cs");
    writeFileSync(script, readFileSync(script, "utf8").replace("welcome.wav", "goodbye.wav"));
    const plan = await run(["plan", "--detailed-exitcode"]);
    expect(plan.code).toBe(2);
    const lines = plan.stdout.split("\n").filter((line) => /^\s*[+-] {2,}/.test(line));
    expect(lines.map((line) => line.trim())).toEqual([
      '-            await MyCall.PlayPrompt("welcome.wav");',
      '+            await MyCall.PlayPrompt("goodbye.wav");',
    ]);
    expect(plan.stdout).toContain("Plan: 0 to create, 1 to update, 0 to delete, 59 unchanged.");
  });

  it("shows in a dry run a diff that git applies to the very files that pull writes", async () => {
    const { run, root, pbx } = await makePbxProject(writeApp("806", "one"), { seed: LIVE });
    await pbx.console.create({ Number: "806", Name: "other" });
    const repository = makeRepository(root);
    repository.commit("one app");
    const { stdout } = await run(["pull", "--dry-run", "806", "8000", "8001"]);
    const patch = stdout.slice(0, stdout.lastIndexOf("Pull:"));
    const copy = makeFolder({ "p.patch": patch });
    repository.git("worktree", "add", "-q", path.join(copy.root, "tree"));
    repository.git("-C", path.join(copy.root, "tree"), "apply", copy.path("p.patch"));
    expect(await run(["pull", "806", "8000", "8001"])).toMatchObject({ code: 0 });
    repository.git("add", "-A");
    const tree = path.join(copy.root, "tree");
    repository.git("-C", tree, "add", "-A");
    expect(repository.git("-C", tree, "write-tree")).toBe(repository.git("write-tree"));
  });
});

describe("pulling into a project that is in use", () => {
  const apps = {
    ...writeApp("806", "one", "  transcriptionMode: Both # ours\n"),
    ...writeApp("807", "two"),
  };

  async function start(files: Readonly<Record<string, string>> = apps) {
    const project = await makePbxProject(files);
    await project.run(["apply", "--yes"]);
    const repository = makeRepository(project.root);
    repository.commit("as applied");
    const inline = (...args: string[]) =>
      runInline(args, {
        cwd: project.root,
        env: {
          PBX_URL: project.pbx.url,
          PBX_CLIENT_ID: project.pbx.clientId,
          PBX_CLIENT_SECRET: project.pbx.clientSecret,
          KEY: "the-key-of-the-house",
        },
      });
    return { ...project, repository, inline };
  }

  it("changes the line that was changed in the console, and nothing else", async () => {
    const { inline, pbx, repository } = await start();
    await pbx.console.edit("806", { TranscriptionMode: "Nothing" });
    expect(await inline("pull")).toMatchObject({ code: 0 });
    expect(repository.git("diff", "--numstat")).toBe("1\t1\tapps/one.yaml");
    expect(repository.git("diff")).toContain("+  transcriptionMode: Nothing # ours");
    expect(await inline("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
  });

  it("overwrites neither uncommitted work nor what Git does not know, unless forced", async () => {
    const { inline, pbx, root, repository, ...project } = await start();
    await pbx.console.edit("806", { Name: "first" });
    await pbx.console.edit("807", { Name: "second" });
    const edited = `${project.read("apps/one.yaml")}# mine\n`;
    project.write("apps/one.yaml", edited);
    repository.git("rm", "-q", "--cached", "apps/two.yaml");
    repository.git("commit", "-q", "-m", "two is nobody's business");
    const refused = await inline("pull");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      "apps/one.yaml would be changed, and it has changes that are not committed",
    );
    expect(refused.stderr).toContain("apps/two.yaml would be changed, and it is not in Git");
    expect(project.read("apps/one.yaml")).toBe(edited);
    rmSync(path.join(root, ".git"), { recursive: true });
    expect((await inline("pull")).stderr).toContain("the project is not in Git");
    expect(project.read("apps/one.yaml")).toBe(edited);
    expect(await inline("pull", "--force")).toMatchObject({ code: 0 });
    expect(project.read("apps/one.yaml")).toBe(edited.replace("name: one", "name: first"));
    expect(await inline("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
  });

  it("pulls only the numbers it is given, and knows when there is no such number", async () => {
    const { inline, pbx, repository } = await start();
    await pbx.console.edit("806", { Name: "first" });
    await pbx.console.edit("807", { Name: "second" });
    await pbx.console.create({ Number: "900", Name: "byhand" });
    expect(await inline("pull", "807")).toMatchObject({ code: 0 });
    expect(repository.git("status", "--porcelain")).toBe("M apps/two.yaml");
    const unknown = await inline("pull", "999", "807", "--exclude", "998");
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("neither the PBX nor a manifest has 999");
    expect(unknown.stderr).toContain("neither the PBX nor a manifest has 998");
    expect(await inline("pull", "--exclude", "806,900", "--force")).toMatchObject({ code: 0 });
    expect(
      existsSync(path.join(repository.git("rev-parse", "--show-toplevel"), "apps/byhand.yaml")),
    ).toBe(false);
  });

  it("withholds scripts with --no-scripts", async () => {
    const { inline, pbx, repository, ...project } = await start();
    await pbx.console.edit("806", { Name: "first", ScriptCode: writeScript("Other") });
    await pbx.console.create({ Number: "900", Name: "byhand" });
    await pbx.console.edit("900", { ScriptCode: writeScript("Byhand") });
    expect(await inline("pull", "--no-scripts")).toMatchObject({ code: 0 });
    expect(
      repository
        .git("status", "--porcelain")
        .split("\n")
        .map((line) => line.trim()),
    ).toEqual(["M apps/one.yaml", "?? apps/byhand.yaml"]);
    expect(project.read("apps/byhand.yaml")).not.toContain("scriptFile");
  });

  it("reports what the PBX does not have any more, and leaves its file", async () => {
    const { inline, pbx, ...project } = await start();
    await pbx.console.remove("807");
    const ran = await inline("pull");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(
      "the PBX does not have CallFlowApp 807; its file was left as it is",
    );
    expect(ran.stdout).toContain("Pull: nothing to write, 1 unchanged, 1 gone.");
    expect(existsSync(project.path("apps/two.yaml"))).toBe(true);
  });

  it("writes nothing while a manifest is broken", async () => {
    const { inline, pbx, ...project } = await start();
    project.write("apps/broken.yaml", "kind: [\n");
    await pbx.console.edit("806", { Name: "first" });
    const ran = await inline("pull", "--force");
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("apps/broken.yaml:");
    expect(project.read("apps/one.yaml")).toContain("name: one");
  });

  it("puts back first what another pull left half done", async () => {
    const { inline, ...project } = await start();
    const before = project.read("apps/one.yaml");
    const [old, half, done] = [before, "half", "done"].map((text) => hashBytes(Buffer.from(text)));
    const files = [
      { path: "apps/one.yaml", before: old, after: half },
      { path: "apps/new.yaml", before: null, after: done },
    ];
    project.write("apps/.one.yaml.callform-old", before);
    project.write("apps/one.yaml", "half");
    project.write("apps/new.yaml", "done");
    project.write(
      JOURNAL,
      JSON.stringify({ version: 2, phase: "replacing", host: "x", pid: 1, files }),
    );
    const plan = await inline("plan");
    expect(plan.code).toBe(1);
    expect(plan.stderr).toContain("pull-interrupted");
    const ran = await inline("pull");
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain("its files were put back as they were");
    expect(project.read("apps/one.yaml")).toBe(before);
    expect(existsSync(project.path("apps/new.yaml"))).toBe(false);
    expect(await inline("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
  });

  it("believes no journal that came with the repository, and says so in every command", async () => {
    const { inline, repository, ...project } = await start();
    const files = [
      {
        path: "apps/one.yaml",
        before: null,
        after: hashBytes(Buffer.from(project.read("apps/one.yaml"))),
      },
    ];
    project.write(
      JOURNAL,
      JSON.stringify({ version: 2, phase: "replacing", host: "x", pid: 1, files }),
    );
    repository.git("add", "--force", JOURNAL);
    repository.git("commit", "-q", "-m", "planted");
    for (const command of [["validate"], ["plan"], ["pull"], ["pull", "--force"]]) {
      const ran = await inline(...command);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain("it came with the repository");
      expect(ran.stderr).toContain("git rm -r .callform");
    }
    expect(existsSync(project.path("apps/one.yaml"))).toBe(true);
    repository.git("rm", "-q", "-r", ".callform");
    expect(await inline("plan", "--base", "HEAD", "--detailed-exitcode")).toMatchObject({
      code: 0,
    });
  });

  it("keeps a secret a reference, also where a script on the PBX repeats it, and warns of others", async () => {
    const script = writeScript("One").replace("welcome.wav", "${secret:KEY}");
    const { inline, pbx, ...project } = await start(writeApp("807", "two"));
    project.write("apps/one.cs", script);
    project.write("apps/one.yaml", writeApp("806", "one")["apps/one.yaml"] ?? "");
    await inline("apply", "--yes");
    const live = pbx.console.get("806")?.ScriptCode ?? "";
    expect(live).toContain("the-key-of-the-house");
    await pbx.console.edit("806", {
      ScriptCode: live.replace("AssureMedia();", "AssureMedia(); // the-key-of-the-house"),
    });
    await pbx.console.edit("807", {
      ScriptCode: writeScript("Two").replace("welcome.wav", "the-key-of-the-house"),
    });
    await pbx.console.create({ Number: "900", Name: "byhand" });
    const token = ["ghp", "abcdefghijklmnopqrstuvwxyz0123456789"].join("_");
    await pbx.console.edit("900", {
      ScriptCode: writeScript("Byhand").replace("welcome.wav", token),
    });
    const ran = await inline("pull", "--force");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/apps\/byhand\.cs:12:\d+ warning possible-secret/);
    expect(ran.stderr + ran.stdout).not.toContain("the-key-of-the-house");
    expect(project.read("apps/one.cs")).toBe(
      script.replace("AssureMedia();", "AssureMedia(); // ${secret:KEY}"),
    );
    expect(project.read("apps/two.cs")).toContain('PlayPrompt("${secret:KEY}")');
    expect(await inline("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
  });

  it("leaves a secret that has changed on the PBX, and says so", async () => {
    const { inline, pbx, ...project } = await start(writeApp("807", "two"));
    project.write("apps/one.cs", writeScript("One").replace("welcome.wav", "${secret:KEY}"));
    project.write("apps/one.yaml", writeApp("806", "one")["apps/one.yaml"] ?? "");
    await inline("apply", "--yes");
    const before = project.read("apps/one.cs");
    const live = pbx.console.get("806")?.ScriptCode ?? "";
    await pbx.console.edit("806", { ScriptCode: live.replace("the-key-of-the-house", "rotated") });
    const ran = await inline("pull");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(
      "scriptCode has changed on the PBX where ${secret:KEY} stands; it was left as it is",
    );
    expect(project.read("apps/one.cs")).toBe(before);
    expect(await inline("pull", "--force")).toMatchObject({ code: 0 });
    expect(project.read("apps/one.cs")).toContain('PlayPrompt("rotated")');
  });

  it("is refused for several targets, and reports as JSON", async () => {
    const two = PROJECT_FILE.replace("targets:", "targets:\n  other: { url: http://127.0.0.1:1 }");
    const { inline, ...project } = await start();
    const report = JSON.parse((await inline("pull", "--format", "json")).stdout);
    expect(report).toEqual({
      formatVersion: 1,
      command: "pull",
      dryRun: false,
      written: true,
      files: [],
      unchanged: 2,
      gone: [],
      problems: [],
    });
    project.write("callform.yaml", two);
    expect((await inline("pull", "--target", "*")).stderr).toContain("one target at a time");
  });

  it("is stopped by Ctrl-C with nothing written", async () => {
    const { pbx, root, ...project } = await makePbxProject({}, { seed: { ...SEED, ...LIVE } });
    const busy = { type: "status", status: 503, headers: { "retry-after": "30" } } as const;
    pbx.addFault({ match: { path: "CallFlowApps" }, times: "always", action: busy });
    const env = {
      PBX_URL: pbx.url,
      PBX_CLIENT_ID: pbx.clientId,
      PBX_CLIENT_SECRET: pbx.clientSecret,
    };
    const ran = await runProgram(["pull"], {
      cwd: root,
      env,
      onStderr: (text, child) => {
        if (text.includes("trying again") && !text.includes("Stopping")) child.kill("SIGINT");
      },
    });
    expect(ran.code).toBe(130);
    expect(existsSync(project.path("apps"))).toBe(false);
  });
});
