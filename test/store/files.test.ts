import { execFileSync } from "node:child_process";
import {
  constants,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  symlinkSync,
  truncateSync,
} from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";

import { readPlanFile, expectReviewed, writePlanFile } from "../../src/app/session/saved-plan.ts";
import { resolveConnection, resolveSettings } from "../../src/app/settings/resolve.ts";
import type { Plan } from "../../src/domain/plan/plan.ts";
import { ProblemError } from "../../src/domain/problem.ts";
import { createRedactor } from "../../src/domain/redact.ts";
import { openLogFile } from "../../src/store/log-file.ts";
import { NO_SEALS } from "../../src/domain/review/seals.ts";
import { makeFolder, type Folder } from "../support/project/folder.ts";

const codesOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof ProblemError) return error.problems.map(({ code }) => code);
      throw error;
    },
  );

function makePipe(folder: Folder, name: string): string {
  execFileSync("mkfifo", [folder.path(name)]);
  return folder.path(name);
}

/** Holds the reading end open, as a program that reads slowly. */
function readPipe(file: string): () => string {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(descriptor));
  return () => {
    const room = Buffer.alloc(1 << 20);
    return room.toString("utf8", 0, readSync(descriptor, room));
  };
}

const write = (file: string, text: string): Promise<unknown> =>
  codesOf(writePlanFile("/", file, text));
const log = (file: string): Promise<unknown> =>
  codesOf(
    Promise.resolve().then(() =>
      openLogFile(file, createRedactor(), () => 0, "run").write("event", { a: 1 }),
    ),
  );

describe("what is written where the user says", () => {
  it("takes the place of a plain file as a whole, in folders that are made, for its owner alone", async () => {
    const folder = makeFolder({ "old.json": "old" });
    expect(await write(folder.path("old.json"), "new")).toBe("done");
    expect(await write(folder.path("a/b/c.json"), "new")).toBe("done");
    expect(folder.read("old.json") + folder.read("a/b/c.json")).toBe("newnew");
    expect(statSync(folder.path("a/b/c.json")).mode & 0o777).toBe(0o600);
  });

  it("is written into a device and a pipe, which stay what they are", async () => {
    const folder = makeFolder();
    symlinkSync("/dev/null", folder.path("null"));
    for (const device of ["/dev/null", folder.path("null")]) {
      expect(await write(device, "text")).toBe("done");
      expect(await log(device)).toBe("done");
    }
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
    expect(lstatSync(folder.path("null")).isSymbolicLink()).toBe(true);
    const pipe = makePipe(folder, "pipe");
    const take = readPipe(pipe);
    expect(await write(pipe, "text")).toBe("done");
    expect(await log(pipe)).toBe("done");
    expect(take()).toMatch(/^text\{"time".*"event":"event","a":1\}\n$/);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it("waits for a reader that is slow, and for none that is not there", async () => {
    const folder = makeFolder();
    const pipe = makePipe(folder, "pipe");
    expect(await write(pipe, "text")).toEqual(["plan-file"]);
    expect(await log(pipe)).toEqual(["log-file"]);
    const take = readPipe(pipe);
    const long = "x".repeat(300_000);
    const writing = write(pipe, long);
    let read = "";
    while (read.length < long.length) {
      await new Promise((resume) => setTimeout(resume, 5));
      try {
        read += take();
      } catch (error) {
        expect(String(error)).toContain("EAGAIN");
      }
    }
    expect(await writing).toBe("done");
    expect(read).toBe(long);
  });

  it("follows no link to a file, and replaces no folder", async () => {
    const folder = makeFolder({ "precious.txt": "precious", "folder/x": "x" });
    symlinkSync("precious.txt", folder.path("link"));
    symlinkSync("missing.txt", folder.path("dangling"));
    for (const name of ["link", "dangling", "folder"]) {
      expect(await write(folder.path(name), "text")).toEqual(["plan-file"]);
      expect(await log(folder.path(name))).toEqual(["log-file"]);
    }
    expect(folder.read("precious.txt")).toBe("precious");
    expect(existsSync(folder.path("missing.txt"))).toBe(false);
    expect(lstatSync(folder.path("folder")).isDirectory()).toBe(true);
  });

  it("does not go through a link that lies where it is drafted", async () => {
    const folder = makeFolder({ "precious.txt": "precious" });
    symlinkSync("precious.txt", folder.path(`plan.json.${process.pid}.tmp`));
    expect(await write(folder.path("plan.json"), "text")).toBe("done");
    expect(folder.read("precious.txt")).toBe("precious");
  });

  it("says why in words", async () => {
    const folder = makeFolder({ file: "" });
    await expect(writePlanFile(folder.root, "file/plan.json", "x")).rejects.toThrow(
      /cannot be written: (a folder on the way is a file|the system says EEXIST)$/,
    );
    await expect(readPlanFile(folder.root, "missing.json")).rejects.toThrow(
      "cannot be read: there is no such file or folder",
    );
  });
});

const PLAN = {
  formatVersion: 1,
  digest: "d",
  partial: false,
  target: { name: "a", url: "https://pbx.example.com" },
  changes: [
    {
      kind: "CallFlowApp",
      key: "806",
      op: "update",
      fields: [{ field: "name", before: 1 }],
      patch: [],
    },
  ],
};

describe("what is read back", () => {
  it("is refused as a plan, however it is damaged, or compared without a crash", async () => {
    const folder = makeFolder();
    const current = { ...PLAN, digest: "other", changes: [] } as unknown as Plan;
    const text = JSON.stringify(PLAN);
    const damaged = fc.oneof(
      fc
        .tuple(fc.nat(text.length - 1), fc.nat(text.length), fc.string({ maxLength: 4 }))
        .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + (length % 20))),
      fc
        .tuple(
          fc.constantFrom("digest", "target", "changes", "formatVersion", "partial"),
          fc.jsonValue({ maxDepth: 3 }),
        )
        .map(([key, value]) => JSON.stringify({ ...PLAN, [key]: value })),
      fc
        .tuple(fc.constantFrom("kind", "key", "op", "fields"), fc.jsonValue({ maxDepth: 3 }))
        .map(([key, value]) =>
          JSON.stringify({ ...PLAN, changes: [{ ...PLAN.changes[0], [key]: value }] }),
        ),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    const law = async (content: string): Promise<void> => {
      folder.write("plan.json", content);
      const ended = await codesOf(
        readPlanFile(folder.root, "plan.json").then((plan) =>
          expectReviewed(plan, current, NO_SEALS),
        ),
      );
      expect(Array.isArray(ended) || ended === "done").toBe(true);
    };
    await fc.assert(fc.asyncProperty(damaged, law), { numRuns: 2000 });
  });

  it("is refused as an authority, however it is damaged, and never fails otherwise", async () => {
    const folder = makeFolder({
      "callform.yaml":
        "apiVersion: callform/v1\nkind: Project\ntargets: { a: { url: https://a.example, caFile: ca.pem } }\n",
    });
    const env = { CALLFORM_CLIENT_ID: "a", CALLFORM_CLIENT_SECRET: "b" };
    const settings = await resolveSettings({}, [], { env, cwd: folder.root }, "look");
    const law = async (bytes: Uint8Array): Promise<void> => {
      folder.write("ca.pem", bytes);
      expect(["done", ["ca-file"]].map(String)).toContain(
        String(await codesOf(resolveConnection({}, settings))),
      );
    };
    const texts = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.string().map((text) => Buffer.from(`-----BEGIN CERTIFICATE-----${text}`)),
    );
    await fc.assert(fc.asyncProperty(texts, law), { numRuns: 1000 });
  });

  it.each(["pipe", "/dev/zero", "folder", "huge"])(
    "is neither waited for nor read without end: %s",
    async (name) => {
      const folder = makeFolder({
        "callform.yaml":
          "apiVersion: callform/v1\nkind: Project\ntargets: { a: { url: https://a.example } }\n",
      });
      makePipe(folder, "pipe");
      mkdirSync(folder.path("folder"));
      folder.write("huge", "");
      truncateSync(folder.path("huge"), 10 * 1024 ** 3);
      const env = { CALLFORM_CLIENT_ID: "a", CALLFORM_CLIENT_SECRET: "b" };
      const settings = await resolveSettings({}, [], { env, cwd: folder.root }, "look");
      expect(await codesOf(readPlanFile(folder.root, name))).toEqual(["plan-file"]);
      expect(await codesOf(resolveConnection({ caFile: name }, settings))).toEqual(["ca-file"]);
    },
  );

  it("is not nested without end", async () => {
    const folder = makeFolder({ "plan.json": `{"formatVersion":1,"changes":${"[".repeat(5e6)}` });
    expect(await codesOf(readPlanFile(folder.root, "plan.json"))).toEqual(["plan-file"]);
    expect(readFileSync(folder.path("plan.json")).length).toBeGreaterThan(5e6);
  });
});
