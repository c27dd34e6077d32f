import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ProblemError } from "../../../src/domain/problem.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { commitFiles, type CommitFile } from "../../../src/manifest/files/commit.ts";
import { type Disk, realDisk } from "../../../src/manifest/files/disk.ts";
import { JOURNAL } from "../../../src/manifest/files/journal.ts";
import { restoreInterrupted } from "../../../src/manifest/files/restore.ts";
import { loadManifests } from "../../../src/manifest/load.ts";
import { type Folder, makeFolder } from "../../support/project/folder.ts";

const app = (number: string, name: string): string =>
  `apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: "${number}" }\nspec: { name: ${name} }\n`;

const OLD: Readonly<Record<string, string>> = {
  "apps/a.yaml": app("801", "old"),
  "apps/b.yaml": app("802", "old"),
  "apps/keep.yaml": app("899", "kept"),
};
const NEW: Readonly<Record<string, string>> = {
  "apps/a.yaml": app("801", "new"),
  "apps/b.yaml": app("802", "new"),
  "apps/deep/er/c.yaml": app("803", "new"),
  "apps/d.yaml": app("804", "new"),
};

function listChanges(folder: Folder): CommitFile[] {
  return Object.entries(NEW).map(([file, text]) => ({
    path: folder.path(file),
    file,
    before: OLD[file] === undefined ? undefined : Buffer.from(OLD[file]),
    after: Buffer.from(text),
  }));
}

function readTree(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(root, file), readFileSync(file, "utf8")]),
  );
}

const OURS = { isTracked: async () => false };

const WHOLE_NEW = { ...OLD, ...NEW };

/** What a plan would read: names by number, or the codes of what stops it. */
async function load(root: string): Promise<Readonly<Record<string, unknown>> | string[]> {
  const { resources, problems } = await loadManifests({
    root,
    patterns: ["apps/**/*.yaml"],
    kinds: [callFlowApp],
    variables: {},
  });
  if (problems.length > 0) return problems.map(({ code }) => code);
  return Object.fromEntries(resources.map(({ key, fields }) => [key, fields["name"]]));
}

const READS_OLD = { 801: "old", 802: "old", 899: "kept" };
const READS_NEW = { 801: "new", 802: "new", 803: "new", 804: "new", 899: "kept" };

/** The disk, with somebody who is told of each operation before it is done. */
function watchDisk(onOperation: (name: string) => void): Disk {
  return new Proxy(realDisk, {
    get:
      (target, name: keyof Disk) =>
      async (...args: never[]) => {
        onOperation(name);
        return (target[name] as (...args: never[]) => unknown)(...args);
      },
  });
}

/** The disk, on which the nth operation fails; with `dead` every later one too, as if the program had been killed. */
function failAt(nth: number, dead: boolean): { readonly disk: Disk; readonly count: () => number } {
  let count = 0;
  const disk = watchDisk((name) => {
    count += 1;
    if (count === nth || (dead && count > nth))
      throw Object.assign(new Error(`no ${name}`), { code: "EIO" });
  });
  return { disk, count: () => count };
}

async function countOperations(): Promise<number> {
  const folder = makeFolder(OLD);
  const { disk, count } = failAt(Infinity, false);
  await commitFiles(listChanges(folder), { root: folder.root, disk });
  return count();
}

describe("changing several files at once", () => {
  it("leaves the new texts and nothing else", async () => {
    const folder = makeFolder(OLD);
    await commitFiles(listChanges(folder), { root: folder.root });
    expect(readTree(folder.root)).toEqual(WHOLE_NEW);
    expect(existsSync(folder.path(".callform"))).toBe(false);
    expect(await load(folder.root)).toEqual(READS_NEW);
  });

  it("puts everything back when any one operation fails, and says why", async () => {
    const operations = await countOperations();
    expect(operations).toBeGreaterThan(30);
    for (let nth = 1; nth <= operations; nth += 1) {
      const folder = makeFolder(OLD);
      const { disk } = failAt(nth, false);
      const ended = await commitFiles(listChanges(folder), { root: folder.root, disk }).then(
        () => "done",
        (error: unknown) => error,
      );
      if (ended === "done") {
        const tree = readTree(folder.root);
        const names = Object.keys(tree).filter((name) => !name.endsWith(".callform-old"));
        expect(Object.fromEntries(names.map((name) => [name, tree[name]]))).toEqual(WHOLE_NEW);
        continue;
      }
      expect(ended).toBeInstanceOf(ProblemError);
      expect((ended as ProblemError).problems.map(({ code }) => code)).toContain("pull-disk");
      expect(await load(folder.root)).toEqual(READS_OLD);
      const left = Object.keys(readTree(folder.root)).filter((name) => OLD[name] === undefined);
      expect(left).toEqual([]);
      expect(existsSync(folder.path("apps/deep"))).toBe(false);
    }
  });

  it("never reads as a mixture, wherever it is killed, and the next pull puts the old files back", async () => {
    const operations = await countOperations();
    const seen = new Set<string>();
    for (let nth = 1; nth <= operations; nth += 1) {
      const folder = makeFolder(OLD);
      const { disk } = failAt(nth, true);
      await commitFiles(listChanges(folder), { root: folder.root, disk }).catch(() => undefined);
      const read = await load(folder.root);
      expect([READS_OLD, READS_NEW, ["pull-interrupted"]]).toContainEqual(read);
      seen.add(JSON.stringify(read));
      const restored = await restoreInterrupted(folder.root, realDisk, OURS);
      expect(restored).toBe(Array.isArray(read));
      if (restored) expect(await load(folder.root)).toEqual(READS_OLD);
      await commitFiles(
        listChanges(folder).map((file) => ({ ...file, before: readIfThere(file.path) })),
        { root: folder.root },
      );
      expect(await load(folder.root)).toEqual(READS_NEW);
    }
    expect(seen.size).toBe(3);
  });

  it("is restored although the restoring is killed too, however often", async () => {
    const operations = await countOperations();
    const law = async (first: number, again: readonly number[]): Promise<void> => {
      const folder = makeFolder(OLD);
      const { disk } = failAt(first, true);
      await commitFiles(listChanges(folder), { root: folder.root, disk }).catch(() => undefined);
      const before = await load(folder.root);
      for (const nth of again) {
        const dying = failAt(nth, true);
        await restoreInterrupted(folder.root, dying.disk, OURS).catch(() => undefined);
        expect([READS_OLD, before, ["pull-interrupted"]]).toContainEqual(await load(folder.root));
      }
      await restoreInterrupted(folder.root, realDisk, OURS);
      expect(await load(folder.root)).toEqual(Array.isArray(before) ? READS_OLD : before);
      const hidden = Object.keys(readTree(folder.root)).filter((name) =>
        name.includes("callform-"),
      );
      if (Array.isArray(before)) expect(hidden).toEqual([]);
    };
    const kills = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 4 });
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: operations }), kills, law), {
      numRuns: 60,
    });
  });

  it("stops where it is told to, and puts everything back", async () => {
    const operations = await countOperations();
    for (let nth = 1; nth < operations; nth += 1) {
      const folder = makeFolder(OLD);
      const stop = new AbortController();
      let count = 0;
      const disk = watchDisk(() => {
        count += 1;
        if (count === nth) stop.abort();
      });
      const options = { root: folder.root, signal: stop.signal, disk };
      const ended = await commitFiles(listChanges(folder), options).then(
        () => "done",
        (error: unknown) => String(error),
      );
      expect(readTree(folder.root)).toEqual(ended === "done" ? WHOLE_NEW : OLD);
      if (nth < operations / 3) expect(ended).toContain("AbortError");
    }
  });

  it.each([
    ["was edited", "apps/b.yaml", "edited"],
    ["has come up", "apps/d.yaml", "somebody's"],
  ])("writes nothing when a file %s meanwhile", async (_, file, text) => {
    const folder = makeFolder(OLD);
    const changes = listChanges(folder);
    folder.write(file, text);
    const before = readTree(folder.root);
    await expect(commitFiles(changes, { root: folder.root })).rejects.toMatchObject({
      problems: [
        { code: "pull-touched", message: `${file} was changed by somebody else meanwhile` },
      ],
    });
    expect(readTree(folder.root)).toEqual(before);
  });

  it("overwrites nothing that was edited between the staging and the end", async () => {
    const folder = makeFolder(OLD);
    const disk: Disk = {
      ...realDisk,
      async rename(from, to) {
        if (from.endsWith("pull.json.new")) folder.write("apps/b.yaml", "edited");
        await realDisk.rename(from, to);
      },
    };
    await expect(commitFiles(listChanges(folder), { root: folder.root, disk })).rejects.toThrow(
      "changed by somebody else",
    );
    expect(await load(folder.root)).not.toEqual(READS_NEW);
  });

  it("leaves a project alone that another one is writing to", async () => {
    const folder = makeFolder({
      ...OLD,
      [JOURNAL]: JSON.stringify({ version: 2, host: "elsewhere", pid: 1, files: [] }),
    });
    await expect(commitFiles(listChanges(folder), { root: folder.root })).rejects.toMatchObject({
      problems: [{ code: "pull-running" }],
    });
    expect(readFileSync(folder.path("apps/a.yaml"), "utf8")).toBe(OLD["apps/a.yaml"]);
    expect(existsSync(folder.path(JOURNAL))).toBe(true);
  });

  it("does not restore what a running program is writing, nor what another version wrote", async () => {
    const { hostname } = await import("node:os");
    const folder = makeFolder(OLD);
    const journal = {
      version: 2,
      phase: "replacing",
      host: hostname(),
      pid: process.ppid,
      files: [],
    };
    folder.write(JOURNAL, JSON.stringify(journal));
    await expect(restoreInterrupted(folder.root, realDisk, OURS)).rejects.toMatchObject({
      problems: [{ code: "pull-running" }],
    });
    for (const text of ["", "{", "{}", '{"version":2}', "null"]) {
      folder.write(JOURNAL, text);
      await expect(restoreInterrupted(folder.root, realDisk, OURS)).rejects.toMatchObject({
        problems: [{ code: "pull-interrupted" }],
      });
      expect(existsSync(folder.path(JOURNAL))).toBe(true);
    }
  });

  it("keeps the permissions of a file, and writes through no link", async () => {
    const folder = makeFolder(OLD);
    writeFileSync(folder.path("apps/a.yaml"), OLD["apps/a.yaml"] ?? "", { mode: 0o600 });
    const { chmodSync } = await import("node:fs");
    chmodSync(folder.path("apps/a.yaml"), 0o640);
    symlinkSync("b.yaml", folder.path("apps/link.yaml"));
    await commitFiles(listChanges(folder), { root: folder.root });
    expect(statSync(folder.path("apps/a.yaml")).mode & 0o777).toBe(0o640);
    expect(readFileSync(folder.path("apps/link.yaml"), "utf8")).toBe(NEW["apps/b.yaml"]);
  });
});

function readIfThere(file: string): Buffer | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}
