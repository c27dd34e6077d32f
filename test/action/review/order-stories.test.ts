import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findNewest, type Attempt } from "../../../src/action/github/deployments.ts";
import type { Job } from "../../../src/action/job/job.ts";
import { judgeOrder } from "../../../src/action/review/order.ts";
import { makeJob } from "../../support/action/fake-job.ts";

/** What happens to a repository; numbers pick among the commits that there are. */
const EVENT = fc.oneof(
  fc.record({ type: fc.constant("merge" as const) }),
  fc.record({ type: fc.constant("reset" as const), to: fc.nat() }),
  fc.record({
    type: fc.constant("run" as const),
    of: fc.nat(),
    ends: fc.constantFrom("whole", "part", "cut off"),
  }),
);

type Story = readonly (typeof EVENT extends fc.Arbitrary<infer T> ? T : never)[];

/** Commits by number; each has at most one parent, and `reset` starts another line. */
class History {
  readonly parents: (number | undefined)[] = [undefined];
  tip = 0;

  merge(): void {
    this.parents.push(this.tip);
    this.tip = this.parents.length - 1;
  }

  isIn(older: number, newer: number): boolean {
    for (let at: number | undefined = newer; at !== undefined; at = this.parents[at])
      if (at === older) return true;
    return false;
  }
}

/** Plays a story, runs in any order, and gives what was applied, in the order in which it was, and the base after each. */
async function play(usual: Job, story: Story) {
  const history = new History();
  const attempts: Attempt[] = [];
  const bases: number[] = [];
  const contains = async (newer: string, older: string): Promise<boolean> =>
    history.isIn(Number(older), Number(newer));
  const job: Job = { ...usual, history: { head: undefined, contains } };
  for (const event of story) {
    if (event.type === "merge") history.merge();
    else if (event.type === "reset") history.tip = event.to % history.parents.length;
    else {
      const sha = String(event.of % history.parents.length);
      const partial = event.ends === "part";
      const digest = `${sha} ${partial}`;
      if ((await judgeOrder(job, sha, attempts, digest)).is !== "next") continue;
      const payload = { v: 1 as const, target: "production", digest, approved: true, partial };
      const id = attempts.length;
      attempts.unshift({ id, sha, payload, succeeded: event.ends !== "cut off" });
    }
    const newest = await findNewest(job, attempts);
    if (newest !== undefined) bases.push(Number(newest.sha));
  }
  return { history, applied: attempts.toReversed(), bases };
}

describe("runs in any order, over any history", () => {
  it("never bring a PBX to a commit below one that it had, and use each approval once", async () => {
    const { job } = await makeJob();
    let stories = 0;
    const refusals = fc.asyncProperty(
      fc.array(EVENT, { minLength: 5, maxLength: 30 }),
      async (story) => {
        stories += 1;
        const { history, applied, bases } = await play(job, story);
        applied.forEach(({ sha, payload }, index) => {
          for (const earlier of applied.slice(0, index)) {
            const below = sha !== earlier.sha && history.isIn(Number(sha), Number(earlier.sha));
            expect(below, `${sha} after ${earlier.sha}`).toBe(false);
            const again = earlier.succeeded && earlier.payload.digest === payload.digest;
            expect(again, `${payload.digest} twice`).toBe(false);
          }
        });
        bases.forEach((base, index) => {
          const before = bases[index - 1];
          if (before === undefined || before === base) return;
          expect(history.isIn(base, before), `base ${base} after ${before}`).toBe(false);
        });
      },
    );
    await fc.assert(refusals, { numRuns: 600 });
    expect(stories).toBe(600);
  });
});
