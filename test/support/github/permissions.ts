import type { GithubState } from "./state.ts";

export type Permission =
  | "checks"
  | "contents"
  | "deployments"
  | "issues"
  | "pull_requests"
  | "statuses";

export type Permissions = Readonly<Partial<Record<Permission, "read" | "write">>>;

/** What a workflow must declare to use everything the Action offers. */
export const FULL_PERMISSIONS: Permissions = {
  checks: "write",
  contents: "read",
  deployments: "write",
  issues: "write",
  pull_requests: "write",
  statuses: "write",
};

/** What the token of a fork's pull request may do. */
export const FORK_PERMISSIONS: Permissions = {
  checks: "read",
  contents: "read",
  deployments: "read",
  issues: "read",
  pull_requests: "read",
  statuses: "read",
};

/** Any one of these is enough, as `x-accepted-github-permissions` tells. */
type Accepted = readonly { readonly name: Permission; readonly access: "read" | "write" }[];

const ISSUES_READ: Accepted = [{ name: "issues", access: "read" }];
const ISSUES_WRITE: Accepted = [{ name: "issues", access: "write" }];
const EITHER_READ: Accepted = [...ISSUES_READ, { name: "pull_requests", access: "read" }];
const EITHER_WRITE: Accepted = [...ISSUES_WRITE, { name: "pull_requests", access: "write" }];

// From the "fine-grained access tokens" section of each operation in GitHub's REST documentation; the
// OpenAPI description does not say it.
const ACCEPTED: Readonly<Record<string, Accepted>> = {
  "repos/get": [],
  "repos/get-commit": [{ name: "contents", access: "read" }],
  "repos/compare-commits-with-basehead": [{ name: "contents", access: "read" }],
  "pulls/get": [{ name: "pull_requests", access: "read" }],
  "pulls/list-reviews": [{ name: "pull_requests", access: "read" }],
  "pulls/list": [{ name: "pull_requests", access: "read" }],
  "repos/list-pull-requests-associated-with-commit": [{ name: "pull_requests", access: "read" }],
  "checks/create": [{ name: "checks", access: "write" }],
  "checks/update": [{ name: "checks", access: "write" }],
  "checks/get": [{ name: "checks", access: "read" }],
  "checks/list-annotations": [{ name: "checks", access: "read" }],
  "checks/list-for-ref": [{ name: "checks", access: "read" }],
  "issues/list-for-repo": ISSUES_READ,
  "issues/get": EITHER_READ,
  "issues/create": ISSUES_WRITE,
  "issues/update": EITHER_WRITE,
  "issues/list-comments": EITHER_READ,
  "issues/get-comment": EITHER_READ,
  "issues/create-comment": EITHER_WRITE,
  "issues/update-comment": EITHER_WRITE,
  "issues/delete-comment": EITHER_WRITE,
  "repos/list-deployments": [{ name: "deployments", access: "read" }],
  "repos/get-deployment": [{ name: "deployments", access: "read" }],
  "repos/create-deployment": [{ name: "deployments", access: "write" }],
  "repos/list-deployment-statuses": [{ name: "deployments", access: "read" }],
  "repos/create-deployment-status": [{ name: "deployments", access: "write" }],
  "repos/create-commit-status": [{ name: "statuses", access: "write" }],
  "repos/list-commit-statuses-for-ref": [{ name: "statuses", access: "read" }],
};

/** What `x-accepted-github-permissions` says when the permissions do not reach; undefined when they do. */
export function findLack(
  operation: string,
  permissions: Permissions,
  isPull: boolean | undefined,
): string | undefined {
  const accepted = ACCEPTED[operation];
  if (accepted === undefined || accepted.length === 0) return undefined;
  // `pull-requests` covers the issue half of a pull request, and no plain issue.
  const useful = accepted.filter(({ name }) => name !== "pull_requests" || isPull !== false);
  const reaches = useful.some(
    ({ name, access }) =>
      permissions[name] === "write" || (access === "read" && permissions[name] === "read"),
  );
  return reaches ? undefined : accepted.map(({ name, access }) => `${name}=${access}`).join("; ");
}

/** Whether a request is about a pull request, where its path says so. */
export function concernsPull(
  { issues, comments }: GithubState,
  pathTexts: Readonly<Record<string, string>>,
): boolean | undefined {
  const { issue_number: number, comment_id: id } = pathTexts;
  const issue = number ?? comments.find((comment) => String(comment.id) === id)?.issue;
  return issue === undefined ? undefined : issues.get(Number(issue))?.isPull;
}
