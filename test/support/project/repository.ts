import { execFileSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { locateBuild } from "../program/built.ts";

/** A Git repository in a folder of a test, blind to the machine's own configuration. */
export interface Repository {
  /** Commits everything there is and gives the commit's id. */
  commit(message: string): string;
  git(...args: string[]): string;
}

/** Makes a folder a repository without a commit, on the branch main. */
export function plantRepository(folder: string): void {
  cpSync(path.join(locateBuild(), "repository"), folder, { recursive: true });
}

/** The commit that a repository is at, as it stands right after a commit. */
export function readHead(folder: string): string {
  const read = (name: string): string =>
    readFileSync(path.join(folder, ".git", name), "utf8").trim();
  const head = read("HEAD");
  return head.startsWith("ref: ") ? read(head.slice("ref: ".length)) : head;
}

export function makeRepository(folder: string): Repository {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: folder, env: GIT_ENV, encoding: "utf8" }).trim();
  plantRepository(folder);
  return {
    git,
    commit(message) {
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", message);
      return readHead(folder);
    },
  };
}

const GIT_ENV = {
  PATH: process.env["PATH"],
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "test",
  GIT_COMMITTER_EMAIL: "test@example.com",
};
