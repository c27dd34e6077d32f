import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../src/sandbox/server.ts";
import { runInline } from "../support/program/inline.ts";
import type { Ran } from "../support/program/run.ts";
import { makeFolder, type Folder } from "../support/project/folder.ts";
import { writeApp } from "../support/project/pbx-project.ts";
import { makeRepository, type Repository } from "../support/project/repository.ts";

/** A server that only looks who comes, or sends everybody on. */
async function listen(location?: string): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen.push(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`);
      response.writeHead(location === undefined ? 500 : 307, location ? { location } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const project = (url: string, more = ""): string =>
  `apiVersion: callform/v1\nkind: Project\ntargets:\n  production:\n    url: ${url}\n${more}`;

const writeOverlay = (name: string): string =>
  `apiVersion: callform/v1\nkind: Overlay\npatches:\n  - { kind: CallFlowApp, number: "806", merge: { spec: { name: "\${env:${name}}" } } }\n`;

interface Stage extends Folder {
  readonly repository: Repository;
  readonly url: string;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
}

async function makeStage(more: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const pbx = await startSandbox();
  onTestFinished(() => pbx.close());
  const folder = makeFolder({
    "callform.yaml": project(pbx.url),
    ...writeApp("806", "one"),
    ...more,
  });
  const repository = makeRepository(folder.root);
  repository.commit("first");
  const credentials = {
    CALLFORM_CLIENT_ID: pbx.clientId,
    CALLFORM_CLIENT_SECRET: pbx.clientSecret,
  };
  return {
    ...folder,
    repository,
    url: pbx.url,
    run: (args, env = {}) => runInline(args, { cwd: folder.root, env: { ...credentials, ...env } }),
  };
}

describe("a change that points a target elsewhere", () => {
  it("gets no credentials where hosts are bound, with any command, and nobody is asked anything", async () => {
    const stage = await makeStage();
    const evil = await listen();
    stage.write("callform.yaml", project(evil.url));
    const hosts = { CALLFORM_HOSTS: new URL(stage.url).host };
    for (const args of [
      ["plan"],
      ["apply", "--yes"],
      ["drift"],
      ["status"],
      ["pull"],
      ["doctor"],
    ]) {
      const ran = await stage.run(args, hosts);
      expect(ran.code).toBe(1);
      expect(ran.stderr + ran.stdout).toContain("CALLFORM_HOSTS");
    }
    const target = await stage.run(["plan", "--url", evil.url], hosts);
    expect(target.stderr).toContain("host-unbound");
    expect(evil.seen).toEqual([]);
    stage.write("callform.yaml", project(stage.url));
    expect(await stage.run(["plan"], hosts)).toMatchObject({ code: 0 });
  });

  it("gets none where the target had another host at the base, until somebody names it", async () => {
    const stage = await makeStage();
    const evil = await listen();
    stage.write("callform.yaml", project(evil.url));
    for (const command of ["plan", "drift"]) {
      const ran = await stage.run([command, "--base", "HEAD"]);
      expect(ran).toMatchObject({ code: 1, stdout: "" });
      expect(ran.stderr).toContain(
        `production is at ${evil.url} now, and at HEAD it was at ${stage.url}: it gets no credentials`,
      );
      expect(ran.stderr).toContain(`--allow-host ${new URL(evil.url).host}`);
    }
    expect(evil.seen).toEqual([]);
    const allowed = await stage.run(["plan", "--base", "HEAD", "--allow-host", "127.0.0.1"]);
    expect(allowed.stderr).not.toContain("host-changed");
    expect(evil.seen.length).toBeGreaterThan(0);
  });

  it("gets none for a new target, a new project, or an address that nobody could read before", async () => {
    const stage = await makeStage();
    const evil = await listen();
    stage.write("callform.yaml", `${project(stage.url)}  other:\n    url: ${evil.url}\n`);
    const fleet = await stage.run(["plan", "--base", "HEAD", "--target", "*"]);
    expect(fleet.code).toBe(1);
    expect(fleet.stderr).toContain("at HEAD no target was there");
    const fresh = await makeStage({ "callform.yaml": "apiVersion: callform/v1\nkind: Project\n" });
    fresh.write("callform.yaml", project(evil.url));
    expect((await fresh.run(["plan", "--base", "HEAD"])).stderr).toContain("host-changed");
    const unset = await makeStage({ "callform.yaml": project("${env:PBX_URL}") });
    unset.write("callform.yaml", project(evil.url));
    expect((await unset.run(["plan", "--base", "HEAD"])).stderr).toContain("host-changed");
    expect(evil.seen).toEqual([]);
  });

  it("changes nothing where the host stays, however it is written, and where a flag or the environment gives it", async () => {
    const stage = await makeStage();
    stage.write("callform.yaml", project(`${stage.url}/xapi/v1/ # the same`));
    expect(await stage.run(["plan", "--base", "HEAD"])).toMatchObject({ code: 0 });
    const renamed = project(stage.url).replace("production", "berlin");
    stage.write("callform.yaml", renamed);
    expect(await stage.run(["plan", "--base", "HEAD"])).toMatchObject({ code: 0 });
    stage.write("callform.yaml", project("https://elsewhere.example"));
    expect(await stage.run(["plan", "--base", "HEAD", "--url", stage.url])).toMatchObject({
      code: 0,
    });
    const env = { CALLFORM_URL: stage.url };
    expect(await stage.run(["plan", "--base", "HEAD"], env)).toMatchObject({ code: 0 });
  });

  it("sends nothing on where a PBX answers with a redirect", async () => {
    const stage = await makeStage();
    const evil = await listen();
    const gate = await listen(`${evil.url}/connect/token`);
    stage.write("callform.yaml", project(gate.url));
    for (const args of [["plan"], ["doctor"]]) {
      const ran = await stage.run(args, { CALLFORM_HOSTS: "127.0.0.1" });
      expect(ran.code).toBe(1);
    }
    expect(gate.seen.length).toBeGreaterThan(0);
    expect(evil.seen).toEqual([]);
  });

  it("cannot take another variable of the job along", async () => {
    const stage = await makeStage();
    const evil = await listen();
    for (const [key, name] of [
      ["clientId", "AWS_SECRET"],
      ["clientId", "CALLFORM_CLIENT_SECRET"],
      ["clientId", "DEPLOY_TOKEN"],
      ["clientSecret", "GITHUB_TOKEN"],
      ["clientSecret", "CALLFORM_DIGEST_KEY"],
      ["caFile", "NPM_TOKEN"],
    ] as const) {
      stage.write("callform.yaml", project(evil.url, `    ${key}: "\${env:${name}}"\n`));
      const ran = await stage.run(["plan"], { [name]: "v4lue-of-the-job" });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain("credential-reference");
      expect(ran.stderr).toContain("callform.yaml:6:");
      expect(ran.stderr).not.toContain("v4lue-of-the-job");
    }
    stage.write("callform.yaml", project("https://${env:AWS_SECRET}.evil.example"));
    expect((await stage.run(["plan"], { AWS_SECRET: "abc" })).stderr).toContain(
      "credential-reference",
    );
    expect(evil.seen).toEqual([]);
  });
});

describe("what a manifest may not have as a value", () => {
  it("is anything that Callform or its CI job signs in with, in a manifest, a script or an overlay", async () => {
    const stage = await makeStage();
    const more = `    clientSecret: "\${env:PBX_SECRET}"\n    overlay: o.yaml\n`;
    stage.write("callform.yaml", project(stage.url, more));
    const [script, value] = [stage.read("apps/one.cs"), "the-one-of-the-house"];
    for (const name of [
      "CALLFORM_CLIENT_SECRET",
      "CALLFORM_DIGEST_KEY",
      "CALLFORM_CLIENT_ID",
      "GITHUB_TOKEN",
      "GH_TOKEN",
      "ACTIONS_RUNTIME_TOKEN",
      "PBX_SECRET",
      "COPY_OF_IT",
    ]) {
      stage.write("apps/one.cs", `${script}// \${secret:${name}}\n`);
      stage.write(
        "apps/two.yaml",
        `apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: "807" }\nspec: { name: "\${secret:${name}}" }\n`,
      );
      stage.write("o.yaml", writeOverlay(name));
      const env = { CALLFORM_CLIENT_SECRET: value, PBX_SECRET: value, [name]: value };
      const ran = await stage.run(["plan"], env);
      expect(ran).toMatchObject({ code: 1, stdout: "" });
      for (const place of ["apps/one.cs:", "apps/two.yaml:4:", "o.yaml:4:"])
        expect(ran.stderr).toContain(place);
      expect(ran.stderr.match(/credential-reference/g)).toHaveLength(3);
      expect(ran.stderr).not.toContain(value);
      // A name tells it without any value.
      const checked = await stage.run(["validate"]);
      expect(checked.stderr.includes("credential-reference")).toBe(name !== "COPY_OF_IT");
    }
  });

  it("is taken for a secret, with a warning, where it comes from the environment in clear", async () => {
    const stage = await makeStage();
    const more = `    overlay: o.yaml\n    variables: { DOOR: "\${env:DOOR_PIN}", SITE: "\${env:SITE}", HIDDEN: "\${env:SOME}" }\n`;
    stage.write("callform.yaml", project(stage.url, more));
    stage.write("apps/one.cs", `${stage.read("apps/one.cs")}// \${var:DOOR} \${var:HIDDEN}\n`);
    stage.write("o.yaml", writeOverlay("WIFI_PASSWORD"));
    const env = {
      DOOR_PIN: "door-4711-pin",
      WIFI_PASSWORD: "wifi-0815",
      SITE: "Berlin",
      SOME: ["ghp", "abcdefghijklmnopqrstuvwxyz0123456789"].join("_"),
    };
    for (const args of [["plan"], ["plan", "--format", "json"], ["render"], ["validate"]]) {
      const ran = await stage.run(args, env);
      expect(ran.code).toBe(0);
      for (const name of ["DOOR_PIN", "WIFI_PASSWORD", "SOME"])
        expect(ran.stdout + ran.stderr).not.toContain(env[name as keyof typeof env]);
    }
    const plan = await stage.run(["plan"], env);
    for (const name of ["DOOR_PIN", "WIFI_PASSWORD", "SOME"])
      expect(plan.stderr).toContain(`write \${secret:${name}}`);
    expect(plan.stderr).not.toContain("SITE");
  });
});
