import { describe, expect, it } from "vitest";
import { hasErrors } from "../../src/domain/problem.ts";
import { nameResource, type DesiredResource } from "../../src/domain/resource.ts";
import type { Planned, PlanRequest } from "../../src/engine/plan.ts";
import { createBench, desireApp, listOutcomes, type Bench } from "../support/pbx/bench.ts";

const old = desireApp("806", { name: "night", scriptCode: "run a" });
const limits = { maxDeletes: 1, protect: [], unprotect: [], allowUnhealthy: [] as string[] };

/** The app under its new number, with that script. */
function renumbered(scriptCode: string): DesiredResource {
  return desireApp("816", { name: "night", scriptCode });
}

/** A PBX that runs the old number, which was in Git and is so no longer. */
function openBench(): Bench {
  return createBench({ apps: [{ Number: "806", Name: "night", ScriptCode: "run a" }] });
}

function planMove(
  bench: Bench,
  head: DesiredResource,
  more: Partial<PlanRequest> = {},
): Promise<Planned> {
  const base = { commit: "0".repeat(40), resources: new Map([[nameResource(old), old]]) };
  return bench.plan([head], { base, prune: "removed", limits, ...more });
}

function listNumbers(bench: Bench): unknown[] {
  return bench.pbx.rows("CallFlowApps").map((row) => row["Number"]);
}

/** What a run leaves that was told to keep what the compiler refused. */
async function leaveSilent(bench: Bench): Promise<DesiredResource> {
  const head = renumbered("REFUSE this");
  const results = await bench.apply(await planMove(bench, head), { keepFailed: true });
  expect(listOutcomes(results)).toEqual(["806 skipped", "816 refused"]);
  expect(listNumbers(bench)).toEqual(["806", "816"]);
  return head;
}

describe("a number that changes in Git", () => {
  it("is made anew, and the old one goes when the new one runs", async () => {
    const bench = openBench();
    const results = await bench.apply(await planMove(bench, renumbered("run b")));
    expect(listOutcomes(results)).toEqual(["806 applied", "816 applied"]);
    expect(listNumbers(bench)).toEqual(["816"]);
  });

  it("keeps the old one, run after run, while the new one has nothing that runs", async () => {
    const bench = openBench();
    const head = await leaveSilent(bench);
    for (let run = 1; run <= 2; run += 1) {
      const planned = await planMove(bench, head);
      const { plan } = planned;
      expect(plan.changes.map(({ op, key }) => `${op} ${key}`)).toEqual(["delete 806"]);
      expect(hasErrors(plan.problems)).toBe(false);
      const reason = {
        code: "guard-successor",
        message: expect.stringMatching(
          /^the plan deletes 806, which 816 takes the place of, and 816 has no script that runs/,
        ),
        hint: "give 816 a script that compiles, or run this once with --allow-unhealthy 816",
        at: { file: "apps/816.yaml", line: 4, column: 11 },
        subject: "CallFlowApp 806",
      };
      expect(plan.problems).toMatchObject([
        { code: "unhealthy", subject: "CallFlowApp 816" },
        { ...reason, severity: "warning" },
      ]);
      const results = await bench.apply(planned);
      expect(listOutcomes(results)).toEqual(["806 skipped", "816 refused"]);
      expect(results[0]?.problems).toMatchObject([{ ...reason, severity: "error" }]);
      expect(listNumbers(bench)).toEqual(["806", "816"]);
    }
  });

  it("lets the old one go once the new one is mended, and not before", async () => {
    const bench = openBench();
    await leaveSilent(bench);
    const again = await bench.apply(await planMove(bench, renumbered("REFUSE this too")));
    expect(listOutcomes(again)).toEqual(["806 skipped", "816 refused"]);
    const mended = await planMove(bench, renumbered("run b"));
    expect(mended.plan.problems).toEqual([]);
    expect(listOutcomes(await bench.apply(mended))).toEqual(["806 applied", "816 applied"]);
    expect(listNumbers(bench)).toEqual(["816"]);
  });

  it("lets the old one go for whoever says that the new one may be silent", async () => {
    const bench = openBench();
    const head = await leaveSilent(bench);
    const planned = await planMove(bench, head, { limits: { ...limits, allowUnhealthy: ["816"] } });
    expect(hasErrors(planned.plan.problems)).toBe(false);
    await bench.apply(planned);
    expect(listNumbers(bench)).toEqual(["816"]);
  });

  it("is judged only where there is a base to tell that it changed", async () => {
    const bench = openBench();
    const head = await leaveSilent(bench);
    const { plan } = await bench.plan([head], { prune: "all", limits });
    expect(plan.problems.map(({ code }) => code)).toEqual(["unhealthy"]);
  });

  it("is nobody's successor when the old one was something else", async () => {
    const bench = openBench();
    await leaveSilent(bench);
    const other = desireApp("816", { name: "day", scriptCode: "REFUSE this" });
    const { plan } = await planMove(bench, other);
    expect(plan.problems.map(({ code }) => code)).not.toContain("guard-successor");
  });
});
