import type { Permissions } from "./permissions.ts";

/** Who acts, by his token. */
export interface Actor {
  readonly login: string;
  readonly id: number;
  readonly type: "User" | "Bot";
  /** Only for the token of a GitHub App, which a workflow's is. */
  readonly app?: App;
  readonly permissions: Permissions;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
}

export interface User {
  readonly login: string;
  readonly id: number;
  readonly type: "User" | "Bot";
}

export interface Comment {
  readonly id: number;
  /** Of the issue or pull request. */
  readonly issue: number;
  readonly user: User;
  readonly performed_via_github_app: App | null;
  readonly created_at: string;
  body: string;
  updated_at: string;
}

/** An issue, or the half of a pull request that is one. */
export interface Issue {
  readonly number: number;
  readonly user: User;
  readonly created_at: string;
  readonly isPull: boolean;
  title: string;
  body: string | null;
  state: "open" | "closed";
  state_reason: string | null;
  updated_at: string;
}

export interface Branch {
  readonly ref: string;
  readonly sha: string;
  /** `owner/name`; null when the fork is gone. */
  readonly repository: string | null;
}

export interface Pull {
  readonly number: number;
  readonly base: Branch;
  head: Branch;
  merged_at: string | null;
  merge_commit_sha: string | null;
  /** What its merging brought to the base branch, for `commits/{sha}/pulls`. */
  landed: readonly string[];
}

/** Of a pull request. */
export interface Review {
  readonly pull: number;
  readonly user: User;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  readonly submitted_at: string;
  readonly author_association: string;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: string;
  readonly message: string;
  readonly title?: string;
  readonly start_column?: number;
  readonly end_column?: number;
}

export interface CheckRun {
  readonly id: number;
  readonly head_sha: string;
  readonly app: App;
  readonly started_at: string;
  readonly annotations: Annotation[];
  name: string;
  external_id: string;
  details_url: string | null;
  status: string;
  conclusion: string | null;
  completed_at: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly creator: User;
  readonly description: string;
  readonly log_url: string;
  readonly environment: string;
  readonly created_at: string;
  readonly performed_via_github_app: App | null;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly description: string | null;
  readonly creator: User;
  readonly transient_environment: boolean;
  readonly production_environment: boolean;
  readonly performed_via_github_app: App | null;
  readonly created_at: string;
  /** Oldest first. */
  readonly statuses: DeploymentStatus[];
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly target_url: string | null;
  readonly creator: User;
  readonly created_at: string;
}

/** All that the stand-in remembers of its one repository. */
export interface GithubState {
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  /** What GitHub has seen of the Git repository. */
  readonly commits: Set<string>;
  /** Parents of each commit, where they matter. */
  readonly parents: Map<string, readonly string[]>;
  readonly messages: Map<string, string>;
  readonly branches: Map<string, string>;
  readonly issues: Map<number, Issue>;
  readonly pulls: Map<number, Pull>;
  readonly reviews: Review[];
  readonly comments: Comment[];
  readonly checkRuns: CheckRun[];
  readonly deployments: Deployment[];
  readonly statuses: CommitStatus[];
  nextId(): number;
  nextNumber(): number;
  /** A second later each time, so that what is newer looks newer. */
  tick(): string;
}

const START = Date.UTC(2026, 0, 5, 8);

export function createState(owner: string, name: string): GithubState {
  let [id, number, seconds] = [1000, 0, 0];
  return {
    owner,
    name,
    defaultBranch: "main",
    commits: new Set(),
    parents: new Map(),
    messages: new Map(),
    branches: new Map(),
    issues: new Map(),
    pulls: new Map(),
    reviews: [],
    comments: [],
    checkRuns: [],
    deployments: [],
    statuses: [],
    nextId: () => (id += 1),
    nextNumber: () => (number += 1),
    tick() {
      seconds += 1;
      return new Date(START + seconds * 1000).toISOString().replace(".000", "");
    },
  };
}

/** A commit and everything in its history. */
export function listHistory({ parents }: GithubState, sha: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [sha];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(parents.get(next) ?? []));
  }
  return found;
}

export function toUser({ login, id, type }: User): User {
  return { login, id, type };
}
