import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countChecks,
  createExamination,
  findCause,
  type Check,
  type Finding,
  type Verdict,
} from "../../src/domain/diagnosis.ts";

const OK: Verdict<number> = { state: "ok", found: ["fine"], value: 1 };
const WARNING: Verdict<number> = { state: "warning", found: ["odd"], advice: "look", value: 2 };
const FAILED: Verdict<number> = { state: "failed", found: ["broken"], advice: "mend it" };

/** A list of checks, each with its verdict and the earlier ones that it needs. */
const arbitraryPlan = fc.array(
  fc.record({
    verdict: fc.constantFrom(OK, WARNING, FAILED),
    needs: fc.array(fc.nat(20), { maxLength: 3 }),
  }),
  { maxLength: 20 },
);

interface Ran {
  readonly checks: readonly Check[];
  readonly worked: readonly string[];
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

async function run(
  plan: readonly { readonly verdict: Verdict<number>; readonly needs: readonly number[] }[],
): Promise<Ran> {
  const { examine, checks } = createExamination();
  const findings: Finding<number>[] = [];
  const worked: string[] = [];
  const needs = new Map<string, readonly string[]>();
  for (const [place, { verdict, needs: wanted }] of plan.entries()) {
    const name = `check-${place}`;
    const needed = wanted.flatMap((index) => findings[index] ?? []);
    needs.set(
      name,
      needed.map(({ check }) => check.name),
    );
    findings.push(
      await examine(name, needed, (take) => {
        worked.push(name);
        for (const finding of needed) expect(take(finding)).toBe(finding.result?.value);
        return verdict;
      }),
    );
  }
  return { checks, worked, needs };
}

describe("an examination", () => {
  it("keeps one check for each that was asked for, in order", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, async (plan) => {
        const { checks } = await run(plan);
        expect(checks.map(({ name }) => name)).toEqual(plan.map((_, place) => `check-${place}`));
      }),
    );
  });

  it("skips exactly what needs something without a value", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, async (plan) => {
        const { checks, worked, needs } = await run(plan);
        const lacking = new Set(
          checks
            .filter(({ state }) => state === "failed" || state === "skipped")
            .map((c) => c.name),
        );
        for (const { name, state } of checks) {
          const blocked = (needs.get(name) ?? []).some((needed) => lacking.has(needed));
          expect(state === "skipped").toBe(blocked);
          expect(worked.includes(name)).toBe(!blocked);
        }
      }),
    );
  });

  it("lays a skipped check at the door of one that failed, never of one that was skipped", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, async (plan) => {
        const { checks } = await run(plan);
        const failed = new Set(checks.filter(({ state }) => state === "failed").map((c) => c.name));
        for (const { state, because } of checks) {
          if (state === "skipped") expect(failed).toContain(because);
          else expect(because).toBeUndefined();
        }
      }),
    );
  });

  it("goes on with the value of a check that only warned", async () => {
    const { examine } = createExamination();
    const warned = await examine("first", [], () => WARNING);
    const next = await examine("second", [warned], (take) => ({ ...OK, value: take(warned) + 1 }));
    expect(next.result).toEqual({ value: 3 });
  });

  it("tells of each check before and after it, and starts none that it skips", async () => {
    const told: string[] = [];
    const { examine } = createExamination({
      onStart: (name) => told.push(`start ${name}`),
      onCheck: ({ name, state }) => told.push(`${state} ${name}`),
    });
    const broken = await examine("one", [], () => FAILED);
    await examine("two", [broken], () => OK);
    await examine("three", [], async () => OK);
    expect(told).toEqual(["start one", "failed one", "skipped two", "start three", "ok three"]);
  });

  it("refuses a value that was not named as needed", async () => {
    const { examine } = createExamination();
    const broken = await examine("one", [], () => FAILED);
    await expect(examine("two", [], (take) => ({ ...OK, value: take(broken) }))).rejects.toThrow(
      "one has no value and was not named as needed",
    );
  });

  it("keeps advice only where there is some", async () => {
    const { examine, checks } = createExamination();
    await examine("plain", [], () => OK);
    await examine("odd", [], () => WARNING);
    expect(checks).toEqual([
      { name: "plain", state: "ok", found: ["fine"] },
      { name: "odd", state: "warning", found: ["odd"], advice: "look" },
    ]);
  });
});

describe("the cause", () => {
  it("is the first check that failed, and there is one exactly when one failed", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, async (plan) => {
        const { checks } = await run(plan);
        const cause = findCause(checks);
        expect(cause === undefined).toBe(countChecks(checks, "failed") === 0);
        const before = cause === undefined ? checks : checks.slice(0, checks.indexOf(cause));
        expect(before.every(({ state }) => state === "ok" || state === "warning")).toBe(true);
      }),
    );
  });

  it("says what to do about it, like whatever failed", async () => {
    const { examine, checks } = createExamination();
    await examine("one", [], () => FAILED);
    expect(findCause(checks)).toMatchObject({ name: "one", advice: "mend it" });
  });

  it("is counted with the others by state", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, async (plan) => {
        const { checks } = await run(plan);
        const states = ["ok", "warning", "failed", "skipped"] as const;
        const total = states.reduce((sum, state) => sum + countChecks(checks, state), 0);
        expect(total).toBe(checks.length);
      }),
    );
  });
});
