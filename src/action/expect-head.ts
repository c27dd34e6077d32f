import { readdir } from "node:fs/promises";
import type { Work } from "./choose-work.ts";
import { failure } from "../domain/problem.ts";
import type { Job } from "./job/job.ts";

/** Events that anybody may cause who can see the repository, while the run has the repository's secrets. */
const OF_STRANGERS = new Set([
  "commit_comment",
  "discussion",
  "discussion_comment",
  "fork",
  "gollum",
  "issue_comment",
  "issues",
  "pull_request_review",
  "pull_request_review_comment",
  "watch",
]);

/** The work, about the commit that is checked out, and what a reader must know about that. */
export interface Placed<T> {
  readonly work: T;
  readonly notes: readonly string[];
}

/**
 * Compares what is checked out with what the event is about, as a plan of other files would be shown, or recorded, as that of the
 * event's commit. Work that no event names a commit for is about the one that is checked out. Throws ProblemError where they
 * differ, where nothing is checked out, and where a stranger's event meets other files than the event's.
 */
export async function expectHead(job: Job, work: Work): Promise<Placed<Work>> {
  const { history, place, event } = job;
  if (work.do === "nothing") return { work, notes: [] };
  await expectFiles(job);
  if (work.do === "validate" || work.do === "compare") return { work, notes: [] };
  if (event.type === "other") refuseStrangers(job, work, event.name);
  const head = history.head?.commit;
  if (head === undefined) throw explainNoRepository();
  const notes = history.head?.dirty === true ? [DIRTY] : [];
  if (work.do === "drift") return { work: { ...work, commit: head }, notes };
  if (work.do === "apply") {
    if (head !== work.commit) throw explainOther(head, work.commit);
    return { work, notes };
  }
  if (event.type === "other") return { work: { ...work, commit: head }, notes };
  if (head === place.sha || (event.type === "merge_group" && head === work.commit))
    return { work, notes };
  if (event.type === "pull_request" && head === work.commit)
    return { work, notes: [...notes, HEAD_ALONE] };
  throw explainOther(head, work.commit);
}

const DIRTY =
  "Files in the project folder differ from the commit that is checked out: a step before has written them.";
const HEAD_ALONE =
  "The branch of the pull request is checked out as it is, without what was merged meanwhile: merging it may do more than this plan shows. Leave `ref` out of actions/checkout to plan the result of the merge.";

async function expectFiles({ surroundings: { cwd } }: Job): Promise<void> {
  const files = await readdir(cwd).catch(() => []);
  if (files.length > 0) return;
  throw failure("no-checkout", "the workspace is empty: no step has checked out the repository", {
    hint: "put a step with `uses: actions/checkout` before this one",
  });
}

function refuseStrangers({ history, place }: Job, work: Work, event: string): void {
  if (!OF_STRANGERS.has(event)) return;
  if (work.do !== "apply" && history.head?.commit === place.sha) return;
  throw failure(
    "event-unsafe",
    work.do === "apply"
      ? `nothing is applied on ${event}: anybody can cause it`
      : `Callform does not run on ${event} with files that others may have written: anybody can cause it`,
    {
      hint: "apply on pushes to the default branch, plan on pull_request, and on this event check out nothing but the default branch",
    },
  );
}

function explainNoRepository(): Error {
  return failure(
    "no-checkout",
    "the workspace is no Git repository, so the commit of its files cannot be known",
    {
      hint: "check the repository out with actions/checkout, with `fetch-depth: 0`, in a job that has git and may use the folder (`git config --global --add safe.directory`)",
    },
  );
}

function explainOther(head: string, commit: string): Error {
  return failure(
    "wrong-checkout",
    `the commit ${head.slice(0, 12)} is checked out, and the event is about ${commit.slice(0, 12)}: what is planned or applied would pass for another commit`,
    { hint: "leave `ref` out of actions/checkout: it takes the commit of the event then" },
  );
}
