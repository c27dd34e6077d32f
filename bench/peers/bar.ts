import type { Shape } from "./contender.ts";
import { callform } from "./callform.ts";
import { auth0 } from "./auth0.ts";
import type { Entry } from "./contest.ts";

const LEAST = 20;
const SHAPE: Shape = { objects: 1000, latency: 50 };

export interface Verdict {
  readonly text: string;
  /** How many times faster; undefined where one of the two was not measured. */
  readonly times: number | undefined;
  readonly holds: boolean | undefined;
}

/** What is promised of Callform beside its nearest peer, and whether this run keeps it. */
export function judgeBar(entries: readonly Entry[]): Verdict {
  const wallOf = (name: string): number | undefined =>
    entries.find(
      ({ contender, shape, work }) =>
        contender.name === name &&
        work === "look" &&
        shape.objects === SHAPE.objects &&
        shape.latency === SHAPE.latency,
    )?.measurement.wall.median;
  const [ours, theirs] = [wallOf(callform.name), wallOf(auth0.name)];
  const times = ours === undefined || theirs === undefined ? undefined : theirs / ours;
  return {
    text: `\`callform plan\` of 1,000 apps at 50 ms is at least ${LEAST} times faster than the dry run of ${auth0.name} for 1,000 objects`,
    times,
    holds: times === undefined ? undefined : times >= LEAST,
  };
}
