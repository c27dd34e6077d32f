import {
  invalid,
  notFound,
  paginate,
  refuse,
  textOf,
  tooLong,
  type Answer,
  type Call,
  type Route,
} from "./answer.ts";
import { toUser, type Comment, type GithubState, type Issue } from "./state.ts";

// The message speaks of characters; what GitHub was measured to refuse is more than 262,144 bytes
// (objectstack-ai/objectstack#18826). The stand-in takes the stricter reading, in UTF-16 units.
const MOST_CHARACTERS = 65_536;
const MOST_BYTES = 262_144;
const MOST_TITLE = 256;

/** Issues, and the comments of issues and pull requests. */
export const issueRoutes: Readonly<Record<string, Route>> = {
  "issues/list-for-repo": listIssues,
  "issues/get": (call) => withIssue(call, (issue) => ({ status: 200, body: show(call, issue) })),
  "issues/create": createIssue,
  "issues/update": (call) => withIssue(call, (issue) => updateIssue(call, issue)),
  "issues/list-comments": (call) =>
    withIssue(call, ({ number }) => {
      const own = call.state.comments.filter(({ issue }) => issue === number);
      return paginate(
        call,
        own.map((comment) => showComment(call, comment)),
      );
    }),
  "issues/create-comment": (call) => withIssue(call, ({ number }) => createComment(call, number)),
  "issues/get-comment": (call) =>
    withComment(call, (comment) => ({ status: 200, body: showComment(call, comment) })),
  "issues/update-comment": (call) => withComment(call, (comment) => updateComment(call, comment)),
  "issues/delete-comment": (call) =>
    withComment(call, (comment) => {
      call.state.comments.splice(call.state.comments.indexOf(comment), 1);
      return { status: 204 };
    }),
};

function withIssue(call: Call, answer: (issue: Issue) => Answer): Answer {
  const issue = call.state.issues.get(Number(call.pathTexts["issue_number"]));
  return issue === undefined ? notFound() : answer(issue);
}

function withComment(call: Call, answer: (comment: Comment) => Answer): Answer {
  const id = Number(call.pathTexts["comment_id"]);
  const comment = call.state.comments.find((candidate) => candidate.id === id);
  return comment === undefined ? notFound() : answer(comment);
}

function isTooLong(text: string): boolean {
  return text.length > MOST_CHARACTERS || Buffer.byteLength(text) > MOST_BYTES;
}

function listIssues(call: Call): Answer {
  const { state, query } = call;
  const wanted = query.get("state") ?? "open";
  const creator = query.get("creator");
  const found = [...state.issues.values()]
    .filter((issue) => wanted === "all" || issue.state === wanted)
    .filter((issue) => creator === null || issue.user.login === creator)
    .toSorted((a, b) => (query.get("direction") === "asc" ? 1 : -1) * (a.number - b.number));
  // A pull request is an issue to GitHub, and listed with them.
  return paginate(
    call,
    found.map((issue) => show(call, issue)),
  );
}

function createIssue(call: Call): Answer {
  const { state, actor, body } = call;
  const title = textOf(body, "title") ?? "";
  const text = textOf(body, "body") ?? null;
  const wrong = judgeIssue(title, text);
  if (wrong !== undefined) return wrong;
  const issue = plantIssue(state, { title, body: text, user: toUser(actor), isPull: false });
  return { status: 201, body: show(call, issue) };
}

function updateIssue(call: Call, issue: Issue): Answer {
  const { state, body } = call;
  const title = textOf(body, "title") ?? issue.title;
  const text = textOf(body, "body") ?? issue.body;
  const wrong = judgeIssue(title, text);
  if (wrong !== undefined) return wrong;
  const to = textOf(body, "state");
  Object.assign(issue, {
    title,
    body: text,
    updated_at: state.tick(),
    ...(to === undefined ? {} : { state: to }),
    state_reason:
      textOf(body, "state_reason") ?? (to === "closed" ? "completed" : issue.state_reason),
  });
  return { status: 200, body: show(call, issue) };
}

function judgeIssue(title: string, body: string | null): Answer | undefined {
  if (title.trim() === "") return invalid("Issue", "title", "title can't be blank");
  if (title.length > MOST_TITLE) return tooLong("Issue", "title", MOST_TITLE);
  if (body !== null && isTooLong(body)) return tooLong("Issue", "body", MOST_CHARACTERS);
  return undefined;
}

function createComment(call: Call, issue: number): Answer {
  const { state, actor, body } = call;
  const text = textOf(body, "body") ?? "";
  const wrong = judgeComment(text);
  if (wrong !== undefined) return wrong;
  const comment = plantComment(state, issue, text, toUser(actor), actor.app ?? null);
  return { status: 201, body: showComment(call, comment) };
}

function updateComment(call: Call, comment: Comment): Answer {
  const { actor, state, body } = call;
  // A workflow's token may not edit what others wrote unless it could write the repository.
  if (comment.user.login !== actor.login)
    return refuse(403, "Resource not accessible by integration");
  const text = textOf(body, "body") ?? "";
  const wrong = judgeComment(text);
  if (wrong !== undefined) return wrong;
  Object.assign(comment, { body: text, updated_at: state.tick() });
  return { status: 200, body: showComment(call, comment) };
}

function judgeComment(body: string): Answer | undefined {
  if (body.trim() === "") return invalid("IssueComment", "body", "body can't be blank");
  if (!isTooLong(body)) return undefined;
  const message = `Body is too long (maximum is ${MOST_CHARACTERS} characters)`;
  const errors = [{ resource: "IssueComment", code: "unprocessable", field: "data", message }];
  return refuse(422, "Validation Failed", { errors });
}

/** An issue that is there already. */
export function plantIssue(
  state: GithubState,
  issue: Pick<Issue, "title" | "body" | "user" | "isPull">,
): Issue {
  const at = state.tick();
  const number = state.nextNumber();
  const planted: Issue = {
    ...issue,
    number,
    created_at: at,
    updated_at: at,
    state: "open",
    state_reason: null,
  };
  state.issues.set(number, planted);
  return planted;
}

/** A comment that is there already. */
export function plantComment(
  state: GithubState,
  issue: number,
  body: string,
  user: Comment["user"],
  app: Comment["performed_via_github_app"] = null,
): Comment {
  const at = state.tick();
  const comment: Comment = {
    id: state.nextId(),
    issue,
    body,
    user,
    performed_via_github_app: app,
    created_at: at,
    updated_at: at,
  };
  state.comments.push(comment);
  return comment;
}

function show({ root, state: { owner, name } }: Call, issue: Issue): unknown {
  const { isPull, ...shown } = issue;
  const url = `${root}/repos/${owner}/${name}`;
  return {
    ...shown,
    id: issue.number + 500_000,
    url: `${url}/issues/${issue.number}`,
    html_url: `https://github.test/${owner}/${name}/issues/${issue.number}`,
    labels: [],
    locked: false,
    ...(isPull ? { pull_request: { url: `${url}/pulls/${issue.number}` } } : {}),
  };
}

function showComment({ root, state: { owner, name } }: Call, comment: Comment): unknown {
  const { issue, ...shown } = comment;
  const url = `${root}/repos/${owner}/${name}/issues`;
  return {
    ...shown,
    url: `${url}/comments/${comment.id}`,
    issue_url: `${url}/${issue}`,
    html_url: `https://github.test/${owner}/${name}/issues/${issue}#issuecomment-${comment.id}`,
  };
}
