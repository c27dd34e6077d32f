import { rmSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { main, type Process } from "../../src/cli/main.ts";
import { writeScript } from "../support/project/scripts.ts";
import { runProgram } from "../support/program/run.ts";
import {
  echoFaults,
  findLeaks,
  FLAVOURS,
  makeCanaries,
  makeCanaryProject,
  writeManifest,
  writeSecretScript,
  type CanaryProject,
} from "../support/worlds/canary.ts";

const FORMATS = ["text", "json", "markdown"];

let open: CanaryProject | undefined;

async function openProject(write: (place: string) => string): Promise<CanaryProject> {
  open = await makeCanaryProject(makeCanaries(write));
  return open;
}

afterEach(async () => {
  await open?.pbx.close();
  open = undefined;
});

/** Every output of a project so far, its bearer tokens being secrets too. */
function expectNoLeaks(project: CanaryProject): void {
  const outputs = [...project.outputs, ...project.readFiles()];
  expect(outputs.length).toBeGreaterThan(0);
  expect(findLeaks(outputs, project.secrets)).toEqual([]);
  expect(
    outputs.filter(({ text }) => /eyJ[\w-]{8,}\./.test(text)).map(({ where }) => where),
  ).toEqual([]);
}

describe.each(Object.entries(FLAVOURS))("planted secrets made of %s", (_, write) => {
  it("are in no output of any command while all goes well", async () => {
    const project = await openProject(write);
    await project.runAll("validate");
    await project.runAll("plan");
    await project.runAll("plan", "--compile");
    expect(await project.run("apply", "--yes", "--log-file", "log-0.ndjson")).toBe(0);
    await project.runAll("apply", "--yes");
    await project.runAll("status");
    expect(project.pbx.console.list()).toHaveLength(4);
    const sent = (project.env["FILE_KEY"] ?? "").replaceAll("\r\n", "\n");
    expect(project.pbx.console.get("801")?.runnable).toContain(sent);
    expectNoLeaks(project);
  });

  it("are in no output when the PBX repeats them in its refusals", async () => {
    const project = await openProject(write);
    expect(await project.run("apply", "--yes")).toBe(0);
    const [client = "", file = "", group = ""] = ["PBX_SECRET", "FILE_KEY", "GROUP_NAME"].map(
      (name) => project.env[name],
    );
    const faults = [client, file, group].flatMap(echoFaults);
    for (const [round, fault] of faults.entries()) {
      project.write("apps/file.cs", writeSecretScript("FILE_KEY", `${round}.wav`));
      project.pbx.clearFaults();
      project.pbx.addFault({ ...fault, times: "always" });
      // As many faults as are no multiple of three, so that each meets every format.
      const format = FORMATS[round % FORMATS.length] ?? "text";
      const log = `log-${round}.ndjson`;
      await project.run("apply", "--yes", "--format", format, "--log-file", log);
      await project.run("status", "--format", format);
    }
    project.pbx.clearFaults();
    await project.runAll("status");
    await project.runAll("plan");
    expect(project.outputs.filter(({ text }) => text.includes("(secret)")).length).toBeGreaterThan(
      9,
    );
    expectNoLeaks(project);
  });

  it("are in no output when they leave Git, with what it was compared with", async () => {
    const project = await openProject(write);
    const base = project.repository.commit("with secrets");
    expect(await project.run("apply", "--yes")).toBe(0);
    const plain = "  scriptFile: plain.cs\n  groups: []\n";
    project.write("apps/file.yaml", writeManifest("801", `  name: infile\n${plain}`));
    project.write("apps/inline.yaml", writeManifest("802", `  name: inline\n${plain}`));
    project.write("apps/grouped.yaml", writeManifest("804", `  name: grouped\n${plain}`));
    rmSync(project.path("apps/named.yaml"));
    await project.runAll("plan", "--base", base);
    const log = ["--log-file", "log-0.ndjson"];
    expect(await project.run("apply", "--yes", "--base", base, ...log)).toBe(0);
    expect(project.pbx.console.list().map((app) => app.Number)).toEqual(["801", "802", "804"]);
    await project.runAll("plan", "--base", base);
    expectNoLeaks(project);
  });

  it("are in no output when they stand where they cannot be used", async () => {
    const project = await openProject(write);
    const wrong = [
      '  name: x\n  routingType: "${secret:APP_NAME}"\n',
      '  name: x\n  groups: [{ name: x, role: "${secret:APP_NAME}" }]\n',
      '  name: x\n  trunk: "${secret:APP_NAME}"\n',
      '  name: x\n  groups: [{ name: "${secret:APP_NAME}" }]\n  trunk: { number: "${secret:FILE_KEY}" }\n',
      '  name: x\n  "${secret:APP_NAME}": y\n  scriptFile: "${secret:FILE_KEY}"\n',
    ];
    for (const spec of wrong) {
      project.write("apps/wrong.yaml", writeManifest("806", spec));
      await project.runAll("validate");
      await project.runAll("plan");
      await project.runAll("apply", "--yes");
      await project.runAll("status");
    }
    project.write("apps/wrong.yaml", writeManifest("${secret:APP_NAME}", "  name: x\n"));
    await project.runAll("plan");
    expect(project.outputs.filter(({ text }) => text.includes("error")).length).toBeGreaterThan(20);
    expectNoLeaks(project);
  });
});

describe("planted secrets", () => {
  const [write] = Object.values(FLAVOURS);

  it("are in no text of a bug that is thrown with one in its message", async () => {
    const project = await openProject(write ?? String);
    const written: string[] = [];
    const stream = {
      on: () => stream,
      write(text: string, done?: (error?: Error) => void) {
        written.push(text);
        if (text.includes("Plan:")) throw new Error(`cannot write ${project.secrets.join(" ")}`);
        done?.();
        return true;
      },
    };
    const process = {
      stdin: {},
      stdout: stream,
      stderr: stream,
      env: project.env,
      cwd: () => project.root,
      on: () => undefined,
      off: () => undefined,
    } as unknown as Process;
    expect(await main(["plan"], process)).toBe(1);
    const text = written.join("");
    expect(text).toContain("Callform has a bug");
    expect(findLeaks([{ where: "a bug", text }], project.secrets)).toEqual([]);
  });

  it("are in no output of the program as a process of its own, even when it is debugged", async () => {
    const project = await openProject(write ?? String);
    const env = { ...project.env, NODE_DEBUG: "", DEBUG: "*" };
    const ran = await runProgram(["apply", "--yes", "--log-file", "log-1.ndjson"], {
      cwd: project.root,
      env,
    });
    expect(ran.code).toBe(0);
    const outputs = [ran.stdout, ran.stderr].map((text) => ({ where: "process", text }));
    expect(findLeaks([...outputs, ...project.readFiles()], project.secrets)).toEqual([]);
  });

  it("are not shown with the address of a PBX that carries one", async () => {
    const project = await openProject(write ?? String);
    const [secret = ""] = project.secrets;
    for (const url of [
      `https://user:${secret}@pbx.example.com`,
      `https://pbx.example.com/?key=${secret}`,
      `${secret}@`,
    ])
      await project.run("plan", "--url", url);
    expectNoLeaks(project);
  });
});

describe("the search for planted secrets", () => {
  const ways: Readonly<Record<string, (secret: string) => string>> = {
    "as it is": (secret) => secret,
    "as JSON": (secret) => JSON.stringify({ a: secret }),
    "in a URL": (secret) => `/x?a=${encodeURIComponent(secret)}`,
    "in a form": (secret) => new URLSearchParams({ a: secret }).toString(),
    "in base64": (secret) => Buffer.from(secret).toString("base64"),
    "in Markdown": (secret) => secret.replaceAll(/[\\`*_{}[\]()#+!|~$]/g, String.raw`\$&`),
    "in one line": (secret) => secret.replaceAll(/\s+/g, " "),
  };

  it.each(Object.entries(ways))("finds one that is written %s, of every flavour", (way, spell) => {
    for (const [flavour, write] of Object.entries(FLAVOURS)) {
      const secret = write("file");
      if (way === "in base64" && secret.length < 6) continue;
      const outputs = [{ where: "here", text: `before ${spell(secret)} after` }];
      expect(findLeaks(outputs, [secret]), flavour).toHaveLength(1);
      expect(findLeaks([{ where: "here", text: "before (secret) after" }], [secret])).toEqual([]);
    }
  });

  it("finds one that a command really shows", async () => {
    const project = await openProject((place) => `Canary${place}77zq`);
    project.write("apps/plain.cs", `${writeScript("Plain")}// ${project.env["FILE_KEY"]}\n`);
    const hidden = project.env["FILE_KEY"] ?? "";
    project.write("apps/file.yaml", project.read("apps/named.yaml").replace("803", "801"));
    project.write("apps/file.cs", "");
    await project.run("plan", "--only", "801", "--format", "json");
    // The manifest gives it away itself, and no reference says that it is a secret.
    expect(findLeaks(project.outputs, [hidden])).toHaveLength(1);
  });
});
