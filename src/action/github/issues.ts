import { readHeader } from "../../render/comment/hidden-header.ts";
import { isOwn, JOB_LOGIN, type Login } from "./identity.ts";
import type { Job } from "../job/job.ts";

const WRITE = { doing: "write the drift issue", needs: "issues: write" };
const READ = { doing: "find the drift issue", needs: "issues: write" };

interface Issue {
  readonly number: number;
  readonly body: string;
}

/** Opens the drift issue of the target or writes it anew where it is open. Throws ProblemError. */
export async function writeDriftIssue(
  job: Job,
  target: string,
  login: Login | undefined,
  body: string,
): Promise<void> {
  const { github } = job;
  const [kept, ...others] = await findIssues(job, target, login);
  const title = `Callform drift: ${target}`;
  if (kept !== undefined) await updateIssue(job, kept.number, { title, body });
  else
    await github.create(
      WRITE,
      async () => (await findIssues(job, target, login))[0],
      async (request) => {
        const { data, headers } = await request("POST /repos/{owner}/{repo}/issues", {
          ...github.repo,
          title,
          body,
          ...(job.inputs.labels.length === 0 ? {} : { labels: [...job.inputs.labels] }),
        });
        return { data: { number: data.number, body }, headers };
      },
    );
  for (const { number } of others)
    await updateIssue(job, number, { state: "closed", state_reason: "not_planned" });
}

/** Closes the drift issue of the target, with a note that says why. There may be none. Throws ProblemError. */
export async function closeDriftIssue(
  job: Job,
  target: string,
  login: Login | undefined,
  note: string,
): Promise<void> {
  const { github } = job;
  for (const { number } of await findIssues(job, target, login)) {
    await github.ask(WRITE, (request) =>
      request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...github.repo,
        issue_number: number,
        body: note,
      }),
    );
    await updateIssue(job, number, { state: "closed", state_reason: "completed" });
  }
}

async function updateIssue(
  job: Job,
  number: number,
  fields: {
    readonly title?: string;
    readonly body?: string;
    readonly state?: "closed";
    readonly state_reason?: "completed" | "not_planned";
  },
): Promise<void> {
  const { github } = job;
  await github.ask(WRITE, (request) =>
    request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
      ...github.repo,
      issue_number: number,
      ...fields,
    }),
  );
}

/**
 * The open issues on drift of the target that the token wrote itself, oldest first. One that is closed stays a record. GitHub is asked
 * for those of the author; only where an app's name is not known, and it is not the job's own, for all that are open.
 */
async function findIssues(job: Job, target: string, login: Login | undefined): Promise<Issue[]> {
  const found = await listIssues(job, target, login, login ?? JOB_LOGIN);
  return found.length > 0 || login !== undefined
    ? found
    : listIssues(job, target, login, undefined);
}

async function listIssues(
  job: Job,
  target: string,
  login: Login | undefined,
  creator: Login | undefined,
): Promise<Issue[]> {
  const { github } = job;
  const issues = await github.list(READ, (request, page) =>
    request("GET /repos/{owner}/{repo}/issues", {
      ...github.repo,
      state: "open",
      ...(creator === undefined ? {} : { creator }),
      sort: "created",
      direction: "asc",
      per_page: 100,
      page,
    }),
  );
  return issues
    .filter(({ user, body, pull_request: pull }) => {
      const header = readHeader(body ?? "");
      const ours = header?.subject === "drift" && header.target === target;
      return ours && isOwn(user, login) && pull === undefined;
    })
    .map(({ number, body }) => ({ number, body: body ?? "" }));
}
