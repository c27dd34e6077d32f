import { notFound, paginate, refuse, type Answer, type Call, type Route } from "./answer.ts";
import { listHistory, type Branch, type GithubState, type Pull } from "./state.ts";

/** The repository, its commits and pull requests, and who asks. */
export const pullRoutes: Readonly<Record<string, Route>> = {
  "users/get-authenticated": ({ actor }) => ({
    status: 200,
    body: { login: actor.login, id: actor.id, type: actor.type },
  }),
  "repos/get": (call) => ({ status: 200, body: showRepository(call) }),
  "repos/get-commit": ({ state, pathTexts }) => {
    const ref = pathTexts["ref"] ?? "";
    const sha = state.branches.get(ref.replace(/^heads\//, "")) ?? ref;
    return state.commits.has(sha)
      ? { status: 200, body: { sha, parents: [] } }
      : refuse(422, `No commit found for SHA: ${ref}`);
  },
  "repos/compare-commits-with-basehead": compareCommits,
  "pulls/get": (call) => {
    const pull = call.state.pulls.get(Number(call.pathTexts["pull_number"]));
    return pull === undefined ? notFound() : { status: 200, body: showPull(call, pull) };
  },
  "pulls/list-reviews": (call) => {
    const number = Number(call.pathTexts["pull_number"]);
    const own = call.state.reviews.filter(({ pull }) => pull === number);
    return paginate(
      call,
      own.map(({ user, state, submitted_at, author_association }, index) => ({
        id: index + 1,
        body: "",
        user,
        state,
        submitted_at,
        author_association,
      })),
    );
  },
  "pulls/list": (call) => {
    const wanted = call.query.get("state") ?? "open";
    const found = [...call.state.pulls.values()].filter(
      ({ number }) => wanted === "all" || call.state.issues.get(number)?.state === wanted,
    );
    return paginate(
      call,
      found.toReversed().map((pull) => showPull(call, pull)),
    );
  },
  "repos/list-pull-requests-associated-with-commit": listOfCommit,
};

function compareCommits({ state, pathTexts }: Call): Answer {
  const names = (pathTexts["basehead"] ?? "").split("...");
  const [base, head] = names.map((name) => state.branches.get(name) ?? name);
  if (base === undefined || head === undefined) return notFound();
  if (!state.commits.has(base) || !state.commits.has(head)) return notFound();
  const [older, newer] = [listHistory(state, base), listHistory(state, head)];
  const ahead = [...newer].filter((sha) => !older.has(sha));
  const behind = [...older].filter((sha) => !newer.has(sha));
  const status =
    ahead.length > 0
      ? behind.length > 0
        ? "diverged"
        : "ahead"
      : behind.length > 0
        ? "behind"
        : "identical";
  return {
    status: 200,
    body: {
      status,
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: ahead
        .toReversed()
        .map((sha) => ({ sha, commit: { message: state.messages.get(sha) ?? "" } })),
    },
  };
}

function listOfCommit(call: Call): Answer {
  const { state, pathTexts } = call;
  const sha = pathTexts["commit_sha"] ?? "";
  if (!state.commits.has(sha)) return refuse(422, `No commit found for SHA: ${sha}`);
  const found = [...state.pulls.values()].filter((pull) => concerns(pull, sha));
  return paginate(
    call,
    found.map((pull) => showPull(call, pull)),
  );
}

function concerns({ landed, head, merge_commit_sha: merged }: Pull, sha: string): boolean {
  return merged === sha || landed.includes(sha) || head.sha === sha;
}

function showRepository({ root, state }: Call): unknown {
  const { owner, name, defaultBranch } = state;
  return {
    id: 1,
    name,
    full_name: `${owner}/${name}`,
    owner: { login: owner, id: 2, type: "Organization" },
    private: true,
    default_branch: defaultBranch,
    url: `${root}/repos/${owner}/${name}`,
  };
}

/** Also what an event's payload says of a pull request. */
export function describePull(state: GithubState, pull: Pull): Record<string, unknown> {
  const issue = state.issues.get(pull.number);
  return {
    number: pull.number,
    state: issue?.state ?? "open",
    title: issue?.title ?? "",
    body: issue?.body ?? null,
    user: issue?.user ?? null,
    merged_at: pull.merged_at,
    merge_commit_sha: pull.merge_commit_sha,
    created_at: issue?.created_at,
    updated_at: issue?.updated_at,
    draft: false,
    head: describeBranch(pull.head),
    base: describeBranch(pull.base),
  };
}

function showPull({ root, state }: Call, pull: Pull): unknown {
  const { owner, name } = state;
  return {
    ...describePull(state, pull),
    id: pull.number + 900_000,
    url: `${root}/repos/${owner}/${name}/pulls/${pull.number}`,
    html_url: `https://github.test/${owner}/${name}/pull/${pull.number}`,
  };
}

function describeBranch({ ref, sha, repository }: Branch): Record<string, unknown> {
  const [owner = "", name = ""] = (repository ?? "").split("/");
  return {
    ref,
    sha,
    label: `${owner}:${ref}`,
    repo:
      repository === null
        ? null
        : { id: 1, name, full_name: repository, fork: false, owner: { login: owner, id: 2 } },
  };
}
