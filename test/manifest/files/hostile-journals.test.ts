import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ProblemError } from "../../../src/domain/problem.ts";
import { commitFiles } from "../../../src/manifest/files/commit.ts";
import { realDisk } from "../../../src/manifest/files/disk.ts";
import { hashBytes, JOURNAL } from "../../../src/manifest/files/journal.ts";
import { type RestoreOptions, restoreInterrupted } from "../../../src/manifest/files/restore.ts";
import { type Folder, makeFolder } from "../../support/project/folder.ts";

type Tracking = RestoreOptions["isTracked"];
const ours: Tracking = async () => false;
const FILES: Readonly<Record<string, string>> = {
  "outside/precious.txt": "precious",
  "outside/.precious.txt.callform-old": "worthless",
  "project/callform.yaml": "kind: Project\n",
  "project/.callform.yaml.callform-old": "hostile",
  "project/apps/a.yaml": "a",
  "project/apps/.a.yaml.callform-old": "b",
  "project/.git/config": "[core]\n",
  "project/.git/.config.callform-old": "[alias]\n",
  "project/.gitignore": "x\n",
};

function makeTrap(): Folder {
  const folder = makeFolder(FILES);
  symlinkSync("../outside", folder.path("project/link"));
  symlinkSync("../outside/precious.txt", folder.path("project/leak.txt"));
  symlinkSync("apps", folder.path("project/inner"));
  return folder;
}

/** Every file and link by name. */
function readTree(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(root, file), tell(file)]),
  );
}

function tell(file: string): string {
  try {
    return `-> ${readlinkSync(file)}`;
  } catch {
    return readFileSync(file, "latin1");
  }
}

const restore = (folder: Folder, isTracked = ours): Promise<unknown> =>
  restoreInterrupted(folder.path("project"), realDisk, { isTracked }).catch((error: unknown) => {
    if (error instanceof ProblemError) return error.problems.map(({ code }) => code);
    throw error;
  });

const HASHES = Object.values(FILES).map((text) => hashBytes(Buffer.from(text)));

const hostilePath = fc.oneof(
  fc.constantFrom(
    "../outside/precious.txt",
    "apps/../../outside/precious.txt",
    "link/precious.txt",
    "leak.txt",
    "inner/a.yaml",
    "/etc/hostname",
    "C:\\precious.txt",
    "apps\\..\\..\\outside\\precious.txt",
    ".git/config",
    ".GIT/config",
    ".git /config",
    ".g\u200Cit/config",
    ".git",
    ".",
    "",
    "apps",
    "apps/",
    "apps//a.yaml",
    "./callform.yaml",
    ".callform/pull.json",
    ".callform",
    "apps/.a.yaml.callform-old",
    "a\0b",
    "apps/a.yaml",
    "callform.yaml",
    ".gitignore",
    "apps/new.yaml",
  ),
  fc.string({ maxLength: 12 }),
);
const hash = fc.oneof(
  fc.constantFrom(...HASHES),
  fc.constantFrom(null, "", "x", 1, "0".repeat(64)),
);
const journal = fc.record(
  {
    version: fc.constantFrom(2, 2, 2, 2, 1, "2", null),
    phase: fc.constantFrom("replacing", "replacing", "staging", "Replacing", null),
    host: fc.constantFrom("elsewhere", hostname(), "", 1),
    pid: fc.constantFrom(1, 2 ** 30, 0, -1, 1.5, process.pid, "1", 1e300),
    files: fc.oneof(
      fc.array(
        fc.oneof(
          fc.record({ path: hostilePath, before: hash, after: hash }),
          fc.record({ path: hostilePath, isNew: fc.boolean() }),
          fc.jsonValue({ maxDepth: 1 }),
        ),
        { maxLength: 4 },
      ),
      fc.jsonValue({ maxDepth: 1 }),
    ),
  },
  { noNullPrototype: true },
);

describe("a journal that somebody else wrote", () => {
  it("leads to nothing outside the project, through no link, and to no loss, whatever it says", async () => {
    const folder = makeTrap();
    const whole = readTree(folder.root);
    const hidden = /(^|\/)\.[^/]*\.callform-(old|new)$|^project\/\.callform\//;
    const law = async (text: string | Uint8Array): Promise<void> => {
      folder.write(`project/${JOURNAL}`, text);
      const ended = await restore(folder);
      expect([true, false, ["pull-interrupted"], ["path-escape"], ["pull-running"]]).toContainEqual(
        Array.isArray(ended) ? [...new Set(ended)] : ended,
      );
      const now = readTree(folder.root);
      for (const [name, content] of Object.entries(whole)) {
        if (name.startsWith("project/.callform/") || now[name] === content) continue;
        // Told by its hash, and so known to whoever wrote the journal; and never out of the project or Git's own.
        expect(name).toMatch(/^project\/(apps\/|callform\.yaml$|\.gitignore$|\.callform\.yaml)/);
        folder.write(name, content);
      }
      expect(Object.keys(now).filter((name) => !hidden.test(name) && !(name in whole))).toEqual([]);
    };
    const damaged = fc.tuple(journal, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
      const bytes = Buffer.from(JSON.stringify(value));
      bytes[at % bytes.length] = byte;
      return at % 3 === 0 ? bytes.subarray(0, at % bytes.length) : bytes;
    });
    const written = fc.oneof(
      { weight: 4, arbitrary: journal.map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: damaged },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
    );
    await fc.assert(fc.asyncProperty(written, law), { numRuns: 2000 });
  });

  it.each([
    ["a path upwards", "../outside/precious.txt"],
    ["a link to a folder", "link/precious.txt"],
    ["a link to a file", "leak.txt"],
    ["an absolute path", "/precious.txt"],
    ["what is Git's", ".git/config"],
    ["the journal", JOURNAL],
  ])("is refused for %s, and nothing else of it is done", async (_, file) => {
    const folder = makeTrap();
    const [after] = ["precious"].map((text) => hashBytes(Buffer.from(text)));
    const mine = hashBytes(Buffer.from("a"));
    const files = [
      { path: file, before: null, after },
      { path: "apps/a.yaml", before: null, after: mine },
    ];
    folder.write(
      `project/${JOURNAL}`,
      JSON.stringify({ version: 2, phase: "replacing", host: "x", pid: 1, files }),
    );
    const before = readTree(folder.root);
    expect(await restore(folder)).toHaveLength(1);
    expect(readTree(folder.root)).toEqual(before);
  });

  it("deletes and replaces only what holds, to the byte, what it wrote", async () => {
    const folder = makeTrap();
    const [held, wrote] = ["b", "a"].map((text) => hashBytes(Buffer.from(text)));
    const write = (before: string | null | undefined, after: string | undefined): void => {
      const files = [{ path: "apps/a.yaml", before, after }];
      folder.write(
        `project/${JOURNAL}`,
        JSON.stringify({ version: 2, phase: "replacing", host: "x", pid: 1, files }),
      );
    };
    const before = readTree(folder.root);
    for (const [last, next] of [
      [null, "0".repeat(64)],
      ["0".repeat(64), wrote],
      ["0".repeat(64), "1".repeat(64)],
    ] as const) {
      write(last, next);
      expect(await restore(folder)).toEqual(["pull-interrupted"]);
      expect(readTree(folder.root)).toMatchObject(before);
    }
    write(held, wrote);
    expect(await restore(folder)).toBe(true);
    expect(folder.read("project/apps/a.yaml")).toBe("b");
  });

  it("is not believed when it came with the repository, nor when nobody can tell", async () => {
    const folder = makeTrap();
    folder.write(
      `project/${JOURNAL}`,
      JSON.stringify({ version: 2, phase: "staging", host: "x", pid: 1, files: [] }),
    );
    for (const tracked of [true, undefined]) {
      expect(await restore(folder, async () => tracked)).toEqual(["pull-interrupted"]);
      expect(existsSync(folder.path(`project/${JOURNAL}`))).toBe(true);
    }
    expect(await restore(folder)).toBe(true);
  });

  it("is read neither as a named pipe, nor through a link, nor when it is too large or too deep", async () => {
    const folder = makeTrap();
    mkdirSync(folder.path("project/.callform"));
    const place = folder.path(`project/${JOURNAL}`);
    execFileSync("mkfifo", [place]);
    expect(await restore(folder)).toEqual(["pull-interrupted"]);
    rmSync(place);
    symlinkSync("/dev/zero", place);
    expect(await restore(folder)).toEqual(["pull-interrupted"]);
    rmSync(place);
    for (const text of [" ".repeat(9 * 1024 * 1024), "[".repeat(8 * 1024 * 1024)]) {
      folder.write(`project/${JOURNAL}`, text);
      expect(await restore(folder)).toEqual(["pull-interrupted"]);
    }
    rmSync(folder.path("project/.callform"), { recursive: true });
    symlinkSync("../outside", folder.path("project/.callform"));
    folder.write("outside/pull.json", "{}");
    expect(await restore(folder)).toEqual(["path-escape"]);
  });
});

describe("writing into a project that somebody else made", () => {
  it.each([
    ["a link in the place of the folder of the journal", ".callform", "../outside"],
    ["a link in the place of a folder", "new", "../outside"],
    ["a dangling link in the place of a folder", "new", "../outside/nothing"],
  ])("refuses %s", async (_, name, target) => {
    const folder = makeTrap();
    symlinkSync(target, folder.path(`project/${name}`));
    const before = readTree(folder.root);
    const write = commitFiles(
      [
        {
          path: folder.path("project/new/x"),
          file: "x",
          before: undefined,
          after: Buffer.from("x"),
        },
      ],
      { root: folder.path("project") },
    );
    await expect(write).rejects.toMatchObject({ problems: [{ code: "path-escape" }] });
    expect(readTree(folder.root)).toEqual(before);
  });

  it("writes through no link in the place of what it stages", async () => {
    const folder = makeTrap();
    for (const name of [".x.callform-new", ".callform.yaml.callform-new"])
      symlinkSync("../outside/precious.txt", folder.path(`project/${name}`));
    mkdirSync(folder.path("project/.callform"));
    symlinkSync("../../outside/precious.txt", folder.path("project/.callform/pull.json.new"));
    const file = (name: string, before: string | undefined) => ({
      path: folder.path(`project/${name}`),
      file: name,
      before: before === undefined ? undefined : Buffer.from(before),
      after: Buffer.from("new"),
    });
    await commitFiles([file("x", undefined), file("callform.yaml", "kind: Project\n")], {
      root: folder.path("project"),
    });
    expect(folder.read("outside/precious.txt")).toBe("precious");
    expect(folder.read("project/x")).toBe("new");
    expect(folder.read("project/callform.yaml")).toBe("new");
  });
});
