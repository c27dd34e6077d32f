import { describePull } from "../github/pulls.ts";
import { plantIssue } from "../github/issues.ts";
import type { GithubState, Pull } from "../github/state.ts";
import type { Repository } from "../project/repository.ts";
import type { ActionRun } from "./run-action.ts";

export type MergeWay = "merge" | "squash" | "rebase";

/** Pull requests of a world: branches in Git, and what GitHub says of them. */
export interface Pulls {
  /** Branches off the default branch, lets `change` edit files, and opens a pull request; gives its number. */
  openPull(title: string, change: () => void, fork?: string | null): number;
  /** One commit more on a pull request. */
  pushPull(number: number, change: () => void): void;
  /** Merges as the button does; gives the default branch's new commit. */
  merge(number: number, way?: MergeWay): string;
  describeEvent(number: number): PullEvent;
  describePush(sha: string): PullEvent;
  describeRepository(): Readonly<Record<string, unknown>>;
}

export type PullEvent = Pick<ActionRun, "event" | "payload" | "sha" | "ref">;

export interface PullsGiven {
  readonly repository: Repository;
  readonly state: GithubState;
  /** Tells GitHub of a branch's newest commit, and gives it. */
  readonly push: (branch: string) => string;
  readonly commit: (message: string, branch: string) => string;
}

const OCTOCAT = { login: "octocat", id: 583_231, type: "User" as const };

export function createPulls({ repository, state, push, commit }: PullsGiven): Pulls {
  const { git } = repository;
  const own = `${state.owner}/${state.name}`;

  function find(number: number): Pull {
    const pull = state.pulls.get(number);
    if (pull === undefined) throw new Error(`there is no pull request ${number}`);
    return pull;
  }

  function commitOn(branch: readonly string[], message: string, change: () => void): string {
    git("switch", "-q", ...branch);
    change();
    const sha = commit(message, branch.at(-1) ?? "");
    git("switch", "-q", state.defaultBranch);
    return sha;
  }

  /** The merge of head and base that GitHub keeps at refs/pull/N/merge. */
  function mergeTree({ head }: Pull, parents: readonly string[], message: string): string {
    const tree = git("merge-tree", "--write-tree", state.defaultBranch, head.sha);
    return git("commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-m", message);
  }

  return {
    openPull(title, change, fork) {
      const { number } = plantIssue(state, { title, body: null, user: OCTOCAT, isPull: true });
      const branch = `pull-${number}`;
      const base = state.branches.get(state.defaultBranch) ?? "";
      const sha = commitOn(["-c", branch], title, change);
      state.pulls.set(number, {
        number,
        base: { ref: state.defaultBranch, sha: base, repository: own },
        head: { ref: branch, sha, repository: fork === undefined ? own : fork },
        merged_at: null,
        merge_commit_sha: null,
        landed: [],
      });
      return number;
    },
    pushPull(number, change) {
      const pull = find(number);
      const sha = commitOn([pull.head.ref], `more of ${number}`, change);
      pull.head = { ...pull.head, sha };
    },
    merge(number, way = "merge") {
      const pull = find(number);
      const issue = state.issues.get(number);
      const before = state.branches.get(state.defaultBranch) ?? "";
      const message = `${issue?.title ?? ""} (#${number})`;
      if (way === "rebase") {
        // With other dates than the branch's, or the commits would be the very same ones.
        git(
          "-c",
          "user.name=rebaser",
          "cherry-pick",
          "--allow-empty",
          `${before}..${pull.head.sha}`,
        );
        git(
          "commit",
          "-q",
          "--amend",
          "--allow-empty",
          "--date=2026-01-01T00:00:00Z",
          "-m",
          message,
        );
      } else {
        const parents = way === "merge" ? [before, pull.head.sha] : [before];
        git("reset", "-q", "--hard", mergeTree(pull, parents, message));
      }
      const sha = push(state.defaultBranch);
      pull.merged_at = state.tick();
      pull.merge_commit_sha = sha;
      pull.landed = git("rev-list", `${before}..${sha}`).split("\n");
      for (const one of pull.landed) state.commits.add(one);
      if (issue !== undefined) Object.assign(issue, { state: "closed", updated_at: state.tick() });
      return sha;
    },
    describeEvent(number) {
      const pull = find(number);
      const parents = [state.branches.get(state.defaultBranch) ?? "", pull.head.sha];
      const sha = mergeTree(pull, parents, `Merge ${pull.head.sha} into ${parents[0]}`);
      state.commits.add(sha);
      return {
        event: "pull_request",
        payload: {
          action: "synchronize",
          number,
          pull_request: describePull(state, pull),
          repository: describe(state),
          sender: OCTOCAT,
        },
        sha,
        ref: `refs/pull/${number}/merge`,
      };
    },
    describePush(sha) {
      const message = git("log", "-1", "--format=%B", sha);
      return {
        event: "push",
        payload: {
          ref: `refs/heads/${state.defaultBranch}`,
          before: git("log", "-1", "--format=%P", sha).split(" ")[0] || "0".repeat(40),
          after: sha,
          created: false,
          deleted: false,
          forced: false,
          head_commit: { id: sha, message, timestamp: "2026-01-01T00:00:00Z" },
          commits: [{ id: sha, message }],
          repository: describe(state),
          sender: OCTOCAT,
        },
        sha,
        ref: `refs/heads/${state.defaultBranch}`,
      };
    },
    describeRepository: () => describe(state),
  };
}

function describe({ owner, name, defaultBranch }: GithubState): Readonly<Record<string, unknown>> {
  return {
    id: 1,
    name,
    full_name: `${owner}/${name}`,
    private: true,
    owner: { login: owner, id: 2, type: "Organization" },
    default_branch: defaultBranch,
  };
}
