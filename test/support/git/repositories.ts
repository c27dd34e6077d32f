import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished, vi } from "vitest";
import type { Problem } from "../../../src/domain/problem.ts";
import { ProblemError } from "../../../src/domain/problem.ts";
import { type BaseTree, checkOutBase } from "../../../src/git/tree.ts";
import { type Folder, makeFolder } from "../project/folder.ts";
import { plantRepository, readHead } from "../project/repository.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A repository with a work tree in a folder of its own. */
export interface Work extends Folder {
  git(...args: readonly string[]): string;
  /** Commits everything there is, and gives the full id. */
  commit(message: string): string;
}

/**
 * For the length of one test, the code under test sees neither the machine's own git configuration nor its folder for
 * temporary files. Returns that folder.
 */
export function isolateGit(): string {
  const temporary = mkdtempSync(path.join(tmpdir(), "callform-test-tmp-"));
  vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
  vi.stubEnv("GIT_CONFIG_NOSYSTEM", "1");
  vi.stubEnv("TMPDIR", temporary);
  for (const role of ["AUTHOR", "COMMITTER"]) {
    vi.stubEnv(`GIT_${role}_NAME`, "test");
    vi.stubEnv(`GIT_${role}_EMAIL`, "test@example.com");
  }
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true, force: true });
  });
  return temporary;
}

/** A repository whose first commit holds the files. */
export function makeWork(files: Files = { "callform.yaml": "kind: Project\n" }): Work {
  const work = openWork(makeFolder(files));
  plantRepository(work.root);
  work.commit("first");
  return work;
}

/** Clones another repository over git's own protocol, so that depth and filter have their effect. */
export function makeClone(origin: Work, ...options: readonly string[]): Work {
  const clone = openWork(makeFolder());
  clone.git("clone", "-q", ...options, `file://${origin.root}`, ".");
  return clone;
}

function openWork(folder: Folder): Work {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: folder.root, encoding: "utf8", stdio: "pipe" }).trim();
  return {
    ...folder,
    git,
    commit(message) {
      git("add", "--all", "--force");
      git("commit", "-q", "--allow-empty", "-m", message);
      return readHead(folder.root);
    },
  };
}

/** Adds `count` commits to main, the newest last; commit n writes `n` to the file `count`. */
export function addHistory(work: Work, count: number): void {
  const from = work.git("rev-parse", "HEAD");
  const commits = Array.from({ length: count }, (_, index) => {
    const text = String(index + 1);
    return [
      "commit refs/heads/main",
      `committer test <test@example.com> ${1_700_000_000 + index} +0000`,
      `data ${Buffer.byteLength(`commit ${text}`)}\ncommit ${text}`,
      ...(index === 0 ? [`from ${from}`] : []),
      `M 644 inline count\ndata ${text.length}\n${text}\n`,
    ].join("\n");
  });
  execFileSync("git", ["fast-import", "--quiet"], { cwd: work.root, input: commits.join("\n") });
  work.git("reset", "-q", "--hard");
}

/** Writes an object as it is given, also one that no git command would make, and gives its id. */
export function writeObject(work: Work, type: "blob" | "tree", content: string | Buffer): string {
  const args = ["hash-object", "-t", type, "-w", "--literally", "--stdin"];
  return execFileSync("git", args, { cwd: work.root, input: content }).toString().trim();
}

/** A tree object of these entries, in this order. */
export function writeTree(
  work: Work,
  entries: readonly {
    readonly mode: string;
    readonly name: string | Buffer;
    readonly id: string;
  }[],
): string {
  const parts = entries.flatMap(({ mode, name, id }) => [
    Buffer.from(`${mode} `),
    Buffer.from(name),
    Buffer.from([0]),
    Buffer.from(id, "hex"),
  ]);
  return writeObject(work, "tree", Buffer.concat(parts));
}

/** A commit of a tree that no branch points at; gives its id. */
export function commitTree(work: Work, tree: string): string {
  return work.git("commit-tree", "-m", "by hand", tree);
}

/** What lies below a folder by path: a file's bytes in latin1, `-> target` for a link. Folders are not listed. */
export function readFiles(root: string): Readonly<Record<string, string>> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return Object.fromEntries(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const content = entry.isSymbolicLink()
        ? `-> ${readlinkSync(file)}`
        : readFileSync(file, "latin1");
      return [path.relative(root, file), content];
    }),
  );
}

/**
 * All that a repository is made of, but for its objects and the end of a shallow history: work tree with times,
 * index, HEAD, references, reflogs, configuration.
 */
export function takeFingerprint({ root }: Work): Readonly<Record<string, string>> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith(".git/objects/") && name !== ".git/shallow");
  return Object.fromEntries(
    names.map((name) => {
      const file = path.join(root, name);
      const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
      return [name, `${hash} ${lstatSync(file).mtimeMs}`];
    }),
  );
}

/** Checks out a base that is gone when the test is. */
export async function checkOut(
  folder: string,
  ref: string,
  onProgress?: (text: string) => void,
): Promise<BaseTree> {
  const base = await checkOutBase(folder, ref, { onProgress });
  onTestFinished(() => base.dispose());
  return base;
}

/** The one problem that some work ends with. */
export async function catchProblem(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw error;
  const [problem, ...others] = error.problems;
  if (problem === undefined || others.length > 0) throw error;
  return problem;
}

/** Puts a shell script in the place of git; `$WORK` in it is a folder of the test, which is returned. */
export function replaceGit(script: string): Folder {
  const folder = makeFolder();
  writeProgram(folder, "bin/git", script);
  vi.stubEnv("WORK", folder.root);
  vi.stubEnv("PATH", `${folder.path("bin")}:${process.env["PATH"]}`);
  return folder;
}

/** A shell script that can be started. */
export function writeProgram(folder: Folder, name: string, script: string): void {
  folder.write(name, `#!/bin/sh\n${script}\n`);
  chmodSync(folder.path(name), 0o755);
}

/** Waits until a script has written its process id, and gives it. */
export async function awaitProcess(folder: Folder, name: string): Promise<number> {
  const look = (): void => {
    if (!existsSync(folder.path(name)) || folder.read(name).trim() === "") throw new Error(name);
  };
  await vi.waitFor(look, { timeout: 600_000 });
  return Number(folder.read(name));
}

/** True while a process has not ended. */
export function isRunning(pid: number): boolean {
  try {
    // A process that has ended but was not waited for by its parent still has a number.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
