import { readHeader, type Header, type Subject } from "../../render/comment/hidden-header.ts";
import type { Job } from "../job/job.ts";
import { nameFolder } from "../job/scope.ts";
import { isOwn, type Login } from "./identity.ts";

/** GitHub refuses a longer body. It counts characters; bytes are never fewer. */
export const MAX_COMMENT = 65_536;

const WRITE = { doing: "write a comment on the pull request", needs: "pull-requests: write" };

interface Comment {
  readonly id: number;
  readonly body: string;
}

/** One comment for each subject and target, written again instead of a second one. */
export interface Sticky {
  readonly pull: number;
  readonly subject: Subject;
  readonly target: string;
  /** Undefined for an app of unknown name. */
  readonly login: Login | undefined;
  /** A comment of its own each time, for a history. */
  readonly fresh: boolean;
  /** False: a comment that is there is kept true, and none is made. */
  readonly create: boolean;
}

/** Writes the comment; `render` is given the header of the one that is there. Throws ProblemError. */
export async function writeComment(
  job: Job,
  sticky: Sticky,
  render: (before: Header | undefined) => string,
): Promise<void> {
  const { github } = job;
  const [kept, ...others] = sticky.fresh ? [] : await findComments(job, sticky);
  if (kept === undefined && !sticky.create) return;
  const body = render(kept === undefined ? undefined : readHeader(kept.body));
  if (kept === undefined) {
    await github.create(
      WRITE,
      async () => {
        const found = await findComments(job, sticky);
        return sticky.fresh ? found.find((comment) => comment.body === body) : found[0];
      },
      async (request) => {
        const { data, headers } = await request(
          "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
          { ...github.repo, issue_number: sticky.pull, body },
        );
        return { data: { id: Number(data.id), body: data.body ?? "" }, headers };
      },
    );
    return;
  }
  if (kept.body !== body) await replaceComment(job, kept.id, body);
  for (const { id } of others)
    await replaceComment(
      job,
      id,
      "Outdated: an older comment of Callform on this pull request is kept up to date.",
    );
}

async function replaceComment(job: Job, id: number, body: string): Promise<void> {
  const { github } = job;
  await github.ask(WRITE, (request) =>
    request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      ...github.repo,
      comment_id: id,
      body,
    }),
  );
}

/** The token's own comments on the subject and target, oldest first. A header in somebody else's comment means nothing. */
async function findComments(job: Job, sticky: Sticky): Promise<Comment[]> {
  const comments = await readComments(job, sticky.pull);
  return comments
    .filter(
      ({ user, body }) => isOwn(user, sticky.login) && isAbout(readHeader(body ?? ""), sticky),
    )
    .map(({ id, body }) => ({ id: Number(id), body: body ?? "" }))
    .toSorted((a, b) => a.id - b.id);
}

async function readComments({ github }: Job, pull: number) {
  return github.list(
    { doing: "read the comments of the pull request", needs: "pull-requests: write" },
    (request, page) =>
      request("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...github.repo,
        issue_number: pull,
        per_page: 100,
        page,
      }),
  );
}

/** The targets of this project that a pull request has a plan's comment for. Throws ProblemError. */
export async function listOurs(job: Job, pull: number | undefined): Promise<string[]> {
  if (pull === undefined) return [];
  const folder = nameFolder(job);
  const headers = (await readComments(job, pull)).map(({ body }) => readHeader(body ?? ""));
  return headers.flatMap((header) => {
    const name = header?.target ?? "";
    const ours = header?.subject === "plan" && name.startsWith(folder);
    return ours && !name.slice(folder.length).includes("/") ? [name.slice(folder.length)] : [];
  });
}

function isAbout(header: Header | undefined, { subject, target }: Sticky): boolean {
  return header?.subject === subject && header.target === target;
}
