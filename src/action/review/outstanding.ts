import { selectOutstanding, type Drift } from "../../domain/plan/drift.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { listBetween } from "../github/compare.ts";
import type { Job } from "../job/job.ts";

const MOST = 10;

/**
 * That commits were merged and the PBX does not have what they change, as a sentence that names them; undefined where nothing is
 * outstanding, or no commit was ever applied. `commit` is the one that is checked out. Throws ProblemError when GitHub does not answer.
 */
export async function tellOutstanding(
  job: Job,
  plan: Plan,
  drift: Drift,
  commit: string,
): Promise<string | undefined> {
  const { base } = plan;
  const count = selectOutstanding(plan, drift).length;
  if (base === undefined || base === commit || count === 0) return undefined;
  const between = await listBetween(job, base, commit);
  const names = between
    .slice(-MOST)
    .map(({ sha, message }) => `${sha.slice(0, 12)} (${message.split("\n", 1)[0] ?? ""})`);
  const more = between.length > MOST ? `, and ${between.length - MOST} older` : "";
  const list = names.length === 0 ? commit.slice(0, 12) : names.toReversed().join(", ") + more;
  return `Merged and not applied, ${count === 1 ? "1 change is" : `${count} changes are`} outstanding: ${list}. The PBX is at ${base.slice(0, 12)}. Open a pull request: its plan shows what is left to do.`;
}
