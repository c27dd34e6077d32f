import { execFileSync } from "node:child_process";

/** A Git repository in a folder of a test, blind to the machine's own configuration. */
export interface Repository {
  /** Commits everything there is and gives the commit's id. */
  commit(message: string): string;
  git(...args: string[]): string;
}

export function makeRepository(folder: string): Repository {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: folder, env: GIT_ENV, encoding: "utf8" }).trim();
  git("init", "-q", "-b", "main");
  return {
    git,
    commit(message) {
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", message);
      return git("rev-parse", "HEAD");
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
