import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder } from "../support/project/folder.ts";
import { runInline } from "../support/program/inline.ts";
import { writeApp, writeManifest } from "../support/project/pbx-project.ts";
import { runProgram } from "../support/program/run.ts";

const TARGETS = `apiVersion: callform/v1
kind: Project
targets:
  production: { url: "https://pbx.example.com", variables: { NAME: first } }
  staging: { url: "https://staging.example.com", variables: { NAME: second } }
`;

async function complete(files: Readonly<Record<string, string>>, ...words: string[]) {
  const { root } = makeFolder(files);
  const ran = await runInline(["__complete", "--", ...words], { cwd: root });
  return { ...ran, lines: ran.stdout.split("\n").slice(0, -1) };
}

describe("callform completion", () => {
  it.each(["bash", "zsh", "fish"])("prints the script of %s", async (shell) => {
    const { code, stdout, stderr } = await runInline(["completion", shell], { cwd: "/" });
    const file = path.join(import.meta.dirname, `../../completions/callform.${shell}`);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: readFileSync(file, "utf8"),
      stderr: "",
    });
  });

  it("says which shells there are when it is asked for another", async () => {
    const { code, stderr } = await runInline(["completion", "csh"], { cwd: "/" });
    expect(code).toBe(1);
    expect(stderr).toContain("Allowed choices are bash, zsh, fish");
  });

  it("is in the help, and what the scripts call is not", async () => {
    const { stdout } = await runInline(["--help"], { cwd: "/" });
    expect(stdout).toContain("completion <shell>");
    expect(stdout).not.toContain("__complete");
  });
});

describe("what the scripts are told", () => {
  const project = {
    "callform.yaml": TARGETS,
    ...writeApp("806", "one"),
    ...writeApp("917", "two"),
  };

  it("is words with their meaning, or that files or folders are meant", async () => {
    const { lines, code, stderr } = await complete(project, "pla");
    expect(lines).toEqual(["words", expect.stringMatching(/^plan\tshow what would change/)]);
    expect([code, stderr]).toEqual([0, ""]);
    expect((await complete(project, "validate", "")).lines).toEqual(["files"]);
    expect((await complete(project, "plan", "--project", "")).lines).toEqual(["folders"]);
    expect((await complete(project, "plan", "--base", "")).lines).toEqual(["words"]);
  });

  it("is the project's targets with their addresses, and its numbers with their names", async () => {
    expect((await complete(project, "plan", "--target", "")).lines).toEqual([
      "words",
      "production\thttps://pbx.example.com",
      "staging\thttps://staging.example.com",
    ]);
    const { lines } = await complete(project, "plan", "--only", "");
    expect(lines).toEqual(["words", "806\tone", "917\ttwo"]);
    const more = await complete(project, "plan", "--exclude=917,8");
    expect(more.lines).toEqual(["words", "--exclude=917,806\tone"]);
    const kinds = await complete({}, "schema", "Call");
    expect(kinds.lines).toEqual(["words", "CallFlowApp\tCall flow app"]);
  });

  it("is that of the project and target that the line names", async () => {
    const files = Object.fromEntries(
      Object.entries({
        ...project,
        "apps/one.yaml": writeManifest("806", "one").replace("name: one", "name: ${var:NAME}"),
      }).map(([name, text]) => [`deep/${name}`, text]),
    );
    const place = ["plan", "--project", "deep"];
    expect((await complete(files, "plan", "--target", "")).lines).toEqual(["words"]);
    expect((await complete(files, ...place, "--target", "s")).lines).toHaveLength(2);
    const staging = await complete(files, ...place, "--target", "staging", "--only", "8");
    expect(staging.lines).toEqual(["words", "806\tsecond"]);
    const unsaid = await complete(files, ...place, "--only", "8");
    expect(unsaid.lines).toEqual(["words", "806\tfirst"]);
  });

  it("is what can be read, and no complaint, where the project has mistakes", async () => {
    const broken = { ...project, "apps/bad.yaml": "apiVersion: [", "apps/two.cs": "" };
    const { lines, code, stderr } = await complete(broken, "plan", "--only", "");
    expect({ lines, code, stderr }).toEqual({
      lines: ["words", "806\tone", "917\ttwo"],
      code: 0,
      stderr: "",
    });
    const torn = await complete({ "callform.yaml": "targets: [" }, "plan", "--target", "");
    expect({ code: torn.code, lines: torn.lines, stderr: torn.stderr }).toEqual({
      code: 0,
      lines: ["words"],
      stderr: "",
    });
    expect((await complete({}, "plan", "--only", "")).lines).toEqual(["words"]);
  });

  it("is never more than one word a line, whatever a manifest says", async () => {
    const hostile = {
      ...project,
      "apps/one.yaml": writeManifest("8\\u001b[2J", "one"),
      "apps/two.yaml": writeManifest("9 $(touch x)", "two"),
      "apps/three.yaml": writeManifest("810", '"a\\tb\\nc\\u202e"').replace(
        / {2}scriptFile.*\n/,
        "",
      ),
    };
    const { lines } = await complete(hostile, "plan", "--only", "");
    expect(lines).toEqual(["words", String.raw`810${"\t"}a b\nc\u{202e}`]);
  });

  it("asks nothing of a PBX, not even its address", async () => {
    let asked = 0;
    const server = createServer((socket) => {
      asked += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => {
      server.close();
    });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const url = `http://127.0.0.1:${port}`;
    const folder = makeFolder({
      ...project,
      "callform.yaml": TARGETS.replaceAll(/"https:[^"]*"/g, `"${url}"`),
    });
    const env = { CALLFORM_URL: url, CALLFORM_CLIENT_ID: "a", CALLFORM_CLIENT_SECRET: "b" };
    for (const words of [["plan", "--only", ""], ["plan", "--target", ""], ["pl"]]) {
      const ran = await runProgram(["__complete", "--", ...words], { cwd: folder.root, env });
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      expect(ran.stdout).toMatch(/^words\n.+\t/);
    }
    expect(asked).toBe(0);
  });
});
