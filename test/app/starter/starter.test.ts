import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import { initProject } from "../../../src/app/starter/init.ts";
import { composeStarter } from "../../../src/app/starter/compose.ts";
import { findExisting } from "../../../src/app/starter/existing.ts";
import { writeProjectFile } from "../../../src/app/starter/texts.ts";
import { hashBytes, JOURNAL } from "../../../src/manifest/files/journal.ts";
import { makeFolder } from "../../support/project/folder.ts";

const ROOT = path.join(import.meta.dirname, "../../..");
const choices = { target: "production", url: undefined, example: true };
const never = new AbortController().signal;

const readShipped = (name: string): string => readFileSync(path.join(ROOT, name), "utf8");

describe("the starter project", () => {
  it("has the workflows, schemas and script of the package, byte for byte", async () => {
    const files = new Map((await composeStarter(choices)).map(({ name, text }) => [name, text]));
    for (const name of ["pull-request.yml", "apply.yml", "drift.yml"])
      expect(files.get(`.github/workflows/${name}`)).toBe(
        readShipped(`examples/workflows/${name}`),
      );
    for (const name of ["project", "call-flow-app", "overlay"])
      expect(files.get(`schemas/${name}.schema.json`)).toBe(
        readShipped(`schemas/${name}.schema.json`),
      );
    expect(files.get("apps/hello.cs")).toBe(readShipped("examples/hello/apps/hello.cs"));
    const [, ...manifest] = readShipped("examples/hello/apps/hello.yaml").split("\n");
    expect(files.get("apps/hello.yaml")?.split("\n").slice(1)).toEqual(manifest);
  });

  it("names its target wherever the workflows speak of one", async () => {
    const files = await composeStarter({ ...choices, target: "site-b" });
    const workflows = files.filter(({ name }) => name.startsWith(".github/"));
    for (const { text } of workflows) {
      expect(text).not.toMatch(/\bproduction\b/);
      expect(text).toContain("target: site-b");
      expect(text).toContain("group: callform-site-b");
      expect(parseDocument(text).errors).toEqual([]);
    }
    const changed = await composeStarter(choices);
    const back = workflows.map(({ text }) => text.replaceAll("site-b", "production"));
    expect(back).toEqual(
      changed.filter(({ name }) => name.startsWith(".github/")).map(({ text }) => text),
    );
  });

  it("leads every document of its own to the schema beside it", async () => {
    const files = await composeStarter(choices);
    const names = files.map(({ name }) => name);
    for (const { name, text } of files.filter((file) =>
      /^(apps\/|callform).*yaml$/.test(file.name),
    )) {
      const [, schema = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      expect(names).toContain(path.posix.join(path.posix.dirname(name), schema));
    }
  });

  it("has no example app where the apps come from a PBX", async () => {
    const files = await composeStarter({ ...choices, example: false });
    expect(files.filter(({ name }) => name.startsWith("apps/"))).toEqual([]);
    const readme = files.find(({ name }) => name === "README.md");
    expect(readme?.text).not.toContain("hello");
  });

  it("keeps every name of a target that the schema allows", () => {
    const name = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
      fc.constantFrom("true", "null", "1e3", "0x1F", "1.5", "Null", "no", "y", "1_000", "0o7"),
    );
    fc.assert(
      fc.property(name, (target) => {
        const { targets } = parse(writeProjectFile({ ...choices, target }));
        expect(targets).toEqual({ [target]: { policy: { prune: "never" } } });
        const text = writeProjectFile({ ...choices, target, url: "https://[::1]:5001" });
        expect(parse(text).targets[target].url).toBe("https://[::1]:5001");
        expect(parseDocument(text).errors).toEqual([]);
      }),
    );
  });
});

describe("writing the project", () => {
  const request = {
    shown: "new",
    target: "production",
    url: undefined,
    insecureHttp: false,
    keep: false,
    signal: never,
  };
  const list = (root: string): string[] =>
    readdirSync(root, { recursive: true, encoding: "utf8" }).toSorted();

  it("makes the folders that are missing, the outermost too, and leaves nothing else behind", async () => {
    const { root } = makeFolder();
    const { created, kept } = await initProject({ ...request, folder: path.join(root, "a/b") });
    const files = await composeStarter(choices);
    expect(created).toEqual(files.map(({ name }) => name));
    expect(kept).toEqual([]);
    const written = list(path.join(root, "a/b")).filter((name) => created.includes(name));
    expect(written).toEqual(created);
    expect(list(path.join(root, "a/b")).filter((name) => /callform-|pull/.test(name))).toEqual([
      ".github/workflows/pull-request.yml",
    ]);
  });

  it("leaves nothing behind, not even its folder, when any of it cannot be written", async () => {
    for (const blocked of ["apps", "schemas", ".github"]) {
      const folder = makeFolder({ [blocked]: "a file where a folder should be" });
      await expect(initProject({ ...request, folder: folder.root })).rejects.toThrow(
        "there is no place for",
      );
      expect(list(folder.root)).toEqual([blocked]);
    }
    const folder = makeFolder({ taken: "a file" });
    const inside = initProject({ ...request, folder: folder.path("taken/deep") });
    await expect(inside).rejects.toThrow("there is no place for");
    expect(list(folder.root)).toEqual(["taken"]);
  });

  it("says what the disk says when it cannot be written there, and leaves nothing behind", async () => {
    const { root } = makeFolder();
    const long = path.join(root, "x".repeat(300));
    const failing = initProject({ ...request, folder: long });
    await expect(failing).rejects.toMatchObject({
      problems: [{ code: "init-folder", message: expect.stringContaining("its name is too long") }],
    });
    expect(list(root)).toEqual([]);
  });

  it("leaves nothing behind when it is cancelled, or when the pull fails", async () => {
    const { root } = makeFolder();
    const folder = path.join(root, "a/b");
    const stopped = initProject({
      ...request,
      folder,
      signal: AbortSignal.abort(new Error("stop")),
    });
    await expect(stopped).rejects.toThrow("stop");
    expect(list(root)).toEqual([]);
    const pull = async (): Promise<never> => Promise.reject(new Error("no PBX"));
    await expect(initProject({ ...request, folder, pull })).rejects.toThrow("no PBX");
    expect(list(root)).toEqual([]);
  });

  it("begins anew where an init was killed half way", async () => {
    for (const [phase, left] of [
      ["staging", { ".README.md.callform-new": "half of it" }],
      ["replacing", { "README.md": "all of it", ".callform.yaml.callform-new": "the rest" }],
    ] as const) {
      const folder = makeFolder(left);
      const files = ["README.md", "callform.yaml"].map((name) => ({
        path: name,
        before: null,
        after: hashBytes(Buffer.from("all of it")),
      }));
      const journal = { version: 2, phase, host: "elsewhere", pid: 1, files };
      folder.write(JOURNAL, JSON.stringify(journal));
      const { created, kept } = await initProject({ ...request, folder: folder.root });
      expect(kept).toEqual([]);
      expect(created).toContain("README.md");
      expect(folder.read("README.md")).toContain("# Call flow apps");
      expect(list(folder.root).filter((name) => name.includes("callform-"))).toEqual([]);
    }
  });

  it("hands a pull what it is to write, and adds what that has written", async () => {
    const { root } = makeFolder();
    let handed: readonly string[] = [];
    const result = await initProject({
      ...request,
      folder: root,
      pull: async (files) => {
        handed = files.map(({ name }) => name);
        return ["apps/one.yaml"];
      },
    });
    expect(handed).toEqual(
      (await composeStarter({ ...choices, example: false })).map(({ name }) => name),
    );
    expect(result.created).toEqual([...handed, "apps/one.yaml"].toSorted());
    expect(list(root)).toEqual([]);
  });

  it("sees files that are there, as folders and dangling links too", async () => {
    const files = [
      { name: "a/b/one.txt", text: "1" },
      { name: "a/two.txt", text: "2" },
      { name: "three.txt", text: "3" },
    ];
    const { root } = makeFolder({ "a/two.txt": "x" });
    symlinkSync("nowhere", path.join(root, "three.txt"));
    mkdirSync(path.join(root, "a/b/one.txt"), { recursive: true });
    expect(await findExisting(root, files)).toEqual(files.map(({ name }) => name));
    expect(await findExisting(path.join(root, "missing"), files)).toEqual([]);
    await expect(findExisting(makeFolder({ a: "file" }).root, files)).rejects.toMatchObject({
      problems: [{ code: "init-folder" }],
    });
  });
});
