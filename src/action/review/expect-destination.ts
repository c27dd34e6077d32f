import { failure } from "../../domain/problem.ts";
import { findNewest } from "../github/deployments.ts";
import { DESTINATION_PARTS, type Destination } from "../job/destination.ts";
import type { Job } from "../job/job.ts";
import type { MergedPull } from "./approval.ts";
import { readApprovals, type GateRequest } from "./gate.ts";

type Part = (typeof DESTINATION_PARTS)[number];

const WORDS: Readonly<Record<Part, string>> = {
  origin: "the address",
  client: "the API client",
  ca: "the authority",
};

export interface Sender extends Pick<GateRequest, "scope" | "check" | "attempts" | "commit"> {
  readonly pull: MergedPull | undefined;
}

/**
 * Throws ProblemError unless the secret of an apply is to be sent to where it was sent last, or to where the reviewed plan was
 * made: whoever can push a branch can write any address into the project file. What the workflow itself gives is not judged, nor
 * is anything where no review is asked for.
 */
export async function expectDestination(
  job: Job,
  destination: Destination,
  { attempts, pull, ...sender }: Sender,
): Promise<void> {
  if (!job.inputs.requireApprovedPlan) return;
  const judged = DESTINATION_PARTS.filter((part) => !isGiven(job, part));
  const differs = (known: Destination): Part[] =>
    judged.filter((part) => known[part] !== destination[part]);
  const last = (await findNewest(job, attempts))?.payload.destination;
  if (last !== undefined && differs(last).length === 0) return;
  const approvals = pull === undefined ? [] : await readApprovals(job, sender, pull);
  const reviewed = approvals.flatMap((approval) => approval.reviewed?.destination ?? []);
  if (reviewed.some((known) => differs(known).length === 0)) return;
  const known = reviewed[0] ?? last;
  if (known === undefined && judged.every((part) => destination[part] === "")) return;
  const parts = known === undefined ? judged : differs(known);
  const words = new Intl.ListFormat("en-GB").format(parts.map((part) => WORDS[part]));
  const than =
    known === undefined || known.origin === destination.origin ? "" : `, not ${known.origin}`;
  throw failure(
    "destination-unreviewed",
    known === undefined
      ? `nobody has reviewed ${words} of ${sender.scope} yet (${destination.origin}), and no deployment shows that they were used before; no secret was sent there, and nothing was applied`
      : `${words} of ${sender.scope} (${destination.origin}${than}) changed since what was reviewed or last deployed; no secret was sent there, and nothing was applied`,
    {
      hint: "bring the change by pull request, whose plan shows the address, or give url and client-id as inputs of the workflow",
    },
  );
}

/** The workflow decides it, and not the project file. */
function isGiven({ inputs, surroundings: { env } }: Job, part: Part): boolean {
  const has = (value: string | undefined): boolean => value !== undefined && value !== "";
  if (part === "origin") return has(inputs.url) || has(env["CALLFORM_URL"]);
  if (part === "ca") return false;
  return (
    (has(inputs.clientId) || has(env["CALLFORM_CLIENT_ID"])) && has(env["CALLFORM_CLIENT_SECRET"])
  );
}
