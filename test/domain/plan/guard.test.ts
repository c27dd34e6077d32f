import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  judgePlan,
  matchesPattern,
  type GuardInput,
  type Limits,
} from "../../../src/domain/plan/guard.ts";
import { holdUnhealthy } from "../../../src/domain/plan/standing/hold-back.ts";
import { isDelete, planWrites, type PlannedResource } from "../../../src/domain/plan/plan.ts";
import type { Entity } from "../../../src/domain/ports.ts";
import { planRemovals } from "../../../src/domain/plan/removal.ts";
import { nameResource } from "../../../src/domain/resource.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { makeDesired, makeLive } from "../../support/worlds/arbitraries.ts";
import { widget } from "../../support/kinds/widget-kind.ts";

const OPEN: Limits = { maxDeletes: 1_000, protect: [], unprotect: [], allowUnhealthy: [] };
const RUNS: Entity = { InvalidScript: false, CompilationSucceeded: true, Name: "old" };

function judge(
  work: readonly PlannedResource[],
  limits: Partial<Limits> = {},
  more: Partial<GuardInput> = {},
): readonly { readonly code: string; readonly message: string; readonly hint?: string }[] {
  const input = { live: 100, protectedNames: new Set<string>(), taken: new Map<string, string>() };
  return judgePlan({ work, limits: { ...OPEN, ...limits }, ...input, ...more });
}

function codes(...args: Parameters<typeof judge>): string[] {
  return judge(...args).map(({ code }) => code);
}

function deleteApps(...keys: readonly string[]): PlannedResource[] {
  const live = keys.map((key, index) => makeLive(callFlowApp, key, RUNS, index + 1));
  const snapshot = new Map(live.map((app) => [nameResource(app), app]));
  const input = { kinds: [callFlowApp], desired: [], snapshot, base: undefined };
  return [...planRemovals({ ...input, prune: "all", selects: () => true }).deletes];
}

function updateApps(count: number, live: Entity = RUNS): PlannedResource[] {
  const keys = Array.from({ length: count }, (_, index) => String(800 + index));
  const apps = keys.map((key, index) => makeLive(callFlowApp, key, live, index + 1));
  const desired = keys.map((key) => makeDesired(callFlowApp, key, { name: "new" }));
  return planWrites([callFlowApp], desired, new Map(apps.map((app) => [nameResource(app), app])));
}

function createApps(...keys: readonly string[]): PlannedResource[] {
  const desired = keys.map((key) => makeDesired(callFlowApp, key, { name: "new" }));
  return planWrites([callFlowApp], desired, new Map());
}

describe("the guard of deletes", () => {
  it("allows as many as the policy says and names all of more", () => {
    expect(judge(deleteApps("801", "802"), { maxDeletes: 2 })).toEqual([]);
    expect(judge(deleteApps("801", "802", "803"), { maxDeletes: 2 })).toEqual([
      {
        severity: "error",
        code: "guard-max-deletes",
        message: "the plan deletes 3 (801, 802, 803), policy.maxDeletes allows 2",
        hint: "if that is meant, run this once with --max-deletes 3",
      },
    ]);
  });

  it("does not count what is created or updated", () => {
    expect(judge([...updateApps(5), ...createApps("901")], { maxDeletes: 0 })).toEqual([]);
  });
});

describe("the guard of shares", () => {
  it("lets exactly the share pass that the policy names, whatever the numbers", () => {
    const share = fc
      .record({ live: fc.integer({ min: 10, max: 200 }), changed: fc.nat(40), limit: fc.nat(100) })
      .filter(({ live, changed }) => changed <= live);
    fc.assert(
      fc.property(share, ({ live, changed, limit }) => {
        const found = codes(updateApps(changed), { maxChangePercent: limit }, { live });
        expect(found).toEqual(changed * 100 > limit * live ? ["guard-change-percent"] : []);
      }),
    );
  });

  it("lets 7 of 100 pass at 7 %, though 7 / 100 * 100 is more than that", () => {
    expect(judge(updateApps(7), { maxChangePercent: 7 })).toEqual([]);
    expect(judge(updateApps(8), { maxChangePercent: 7 })).toMatchObject([
      {
        message:
          "the plan changes 8 of 100 live resources (8 %), policy.maxChangePercent allows 7 %",
        hint: "if that is meant, run this once with --max-change-percent 8",
      },
    ]);
  });

  it("is satisfied by the number in its own hint", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 60 }),
        fc.integer({ min: 1, max: 10 }),
        (live, changed) => {
          const [problem] = judge(updateApps(changed), { maxChangePercent: 0 }, { live });
          const shown = Number(problem?.hint?.split(" ").at(-1));
          expect(judge(updateApps(changed), { maxChangePercent: shown }, { live })).toEqual([]);
        },
      ),
    );
  });

  it("counts deletes as changes, and creates not", () => {
    const limits = { maxChangePercent: 10 };
    expect(codes([...updateApps(1), ...deleteApps("901")], limits, { live: 10 })).toHaveLength(1);
    expect(codes([...updateApps(1), ...createApps("901", "902")], limits, { live: 10 })).toEqual(
      [],
    );
  });

  it("has nothing to say of fewer than ten, or without a limit", () => {
    expect(judge(updateApps(9), { maxChangePercent: 1 }, { live: 9 })).toEqual([]);
    expect(judge(updateApps(10), {}, { live: 10 })).toEqual([]);
    expect(codes(updateApps(10), { maxChangePercent: 1 }, { live: 10 })).toHaveLength(1);
  });
});

describe("the guard of protected numbers", () => {
  it("forbids to delete what a pattern covers, and names the pattern", () => {
    expect(judge(deleteApps("901", "801"), { protect: ["800", "9*"] })).toMatchObject([
      {
        code: "guard-protected",
        message: 'the plan deletes 901, which policy.protect "9*" forbids',
        hint: "if that is meant, run this once with --unprotect 901",
        subject: "CallFlowApp 901",
      },
    ]);
  });

  it("forbids to delete what its manifest protects", () => {
    const protectedNames = new Set(["CallFlowApp 801"]);
    const problems = judge(deleteApps("801", "802"), {}, { protectedNames });
    expect(problems.map(({ message }) => message)).toEqual([
      "the plan deletes 801, which lifecycle.protect forbids",
    ]);
  });

  it("says of a renumbering that it is one", () => {
    const [item] = deleteApps("801");
    const work =
      item === undefined ? [] : [{ ...item, successor: { kind: "CallFlowApp", key: "810" } }];
    expect(judge(work, { protect: ["801"] })).toMatchObject([
      { message: 'the plan renumbers 801 to 810, which policy.protect "801" forbids' },
    ]);
  });

  it("lets pass what this run unprotects, and that alone", () => {
    const limits = { protect: ["*"], unprotect: ["801"] };
    const problems = judge(deleteApps("801", "802"), limits);
    expect(problems.map(({ code }) => code)).toEqual(["guard-protected"]);
    expect(problems[0]?.message).toContain("802");
  });

  it("has nothing against changing what is protected", () => {
    expect(judge(updateApps(3), { protect: ["*"] })).toEqual([]);
  });
});

describe("a pattern of numbers", () => {
  it("matches like a regular expression in which only the star is special", () => {
    const text = fc.stringMatching(/^[89*#.]{0,6}$/);
    fc.assert(
      fc.property(text, text, (pattern, key) => {
        const parts = pattern.split("*").map((part) => part.replaceAll(".", "\\."));
        const oracle = new RegExp(`^${parts.join(".*")}$`);
        expect(matchesPattern(pattern, key)).toBe(oracle.test(key));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["800", "800", true],
    ["800", "8001", false],
    ["9*", "9", true],
    ["9*", "19", false],
    ["*9", "999", true],
    ["9*9", "9", false],
    ["8*1*2", "80122", true],
    ["*", "", true],
    ["", "8", false],
  ])("%j and %j: %s", (pattern, key, matches) => {
    expect(matchesPattern(pattern, key)).toBe(matches);
  });
});

describe("the guard of unhealthy apps", () => {
  const DEAD: Entity = { ...RUNS, InvalidScript: true, CompilationSucceeded: false };
  const hold = (work: readonly PlannedResource[], limits: Partial<Limits> = {}) =>
    work.flatMap((item) =>
      isDelete(item) ? [] : (holdUnhealthy(item, { ...OPEN, ...limits }).held ?? []),
    );

  it("holds back what has nothing that runs and gets no new script, and nothing else", () => {
    expect(judge(updateApps(1, DEAD))).toEqual([]);
    expect(hold(updateApps(1, DEAD))).toMatchObject([
      {
        code: "guard-unhealthy",
        message:
          "the plan changes 800 but not its scriptCode, and it has no script that runs; apply leaves it as it is",
        hint: "give it a script that compiles, or run this once with --allow-unhealthy 800",
        subject: "CallFlowApp 800",
        at: { file: "apps/800.yaml", line: 4, column: 11 },
      },
    ]);
  });

  it("lets it pass with a new script, and when this run allows it", () => {
    expect(hold(updateApps(1, DEAD), { allowUnhealthy: ["800"] })).toEqual([]);
    const desired = makeDesired(callFlowApp, "800", { name: "new", scriptCode: "better" });
    const live = makeLive(callFlowApp, "800", DEAD);
    expect(
      hold(planWrites([callFlowApp], [desired], new Map([["CallFlowApp 800", live]]))),
    ).toEqual([]);
  });

  it("leaves to the verdict what is being compiled, and what the manifest says of the script", () => {
    const pending = { ...DEAD, ScriptCode: "class A {}", CompilationResult: "" };
    expect(hold(updateApps(1, pending))).toEqual([]);
    const desired = makeDesired(callFlowApp, "800", { name: "new", scriptCode: "class A {}" });
    const live = makeLive(callFlowApp, "800", { ...DEAD, ScriptCode: "class A {}" });
    expect(
      hold(planWrites([callFlowApp], [desired], new Map([["CallFlowApp 800", live]]))),
    ).toEqual([]);
  });

  it("lets what runs an old script pass, and what is deleted", () => {
    expect(hold(updateApps(1, { ...RUNS, CompilationSucceeded: false }))).toEqual([]);
    expect(hold(deleteApps("800"))).toEqual([]);
  });

  it("does not judge kinds in which nothing has to compile", () => {
    const live = makeLive(widget, "a", { Title: "old" });
    const work = planWrites(
      [widget],
      [makeDesired(widget, "a", { title: "new" })],
      new Map([["Widget a", live]]),
    );
    expect(work).toHaveLength(1);
    expect(hold(work)).toEqual([]);
  });
});

describe("the guard of taken numbers", () => {
  it("says who holds a number that a create wants, at the manifest", () => {
    const taken = new Map([["801", "Queue Support"]]);
    expect(judge(createApps("801", "802"), {}, { taken })).toEqual([
      {
        severity: "error",
        code: "guard-number-taken",
        message:
          "number 801 is already taken on the PBX by Queue Support; all extensions share one number plan",
        hint: "choose a free number, or free this one in the admin console",
        at: { file: "apps/801.yaml", line: 4, column: 11 },
        subject: "CallFlowApp 801",
      },
    ]);
  });

  it("does not ask about numbers that are there already", () => {
    const taken = new Map([["800", "Route point old"]]);
    expect(judge([...updateApps(1), ...deleteApps("800")], {}, { taken })).toEqual([]);
  });
});

describe("all guards together", () => {
  it("report everything at once", () => {
    const taken = new Map([["950", "User Anna"]]);
    const work = [
      ...createApps("950"),
      ...updateApps(9, { ...RUNS, InvalidScript: true }),
      ...deleteApps("901"),
    ];
    const limits = { maxDeletes: 0, maxChangePercent: 30, protect: ["901"] };
    expect(new Set(codes(work, limits, { live: 20, taken }))).toEqual(
      new Set([
        "guard-max-deletes",
        "guard-change-percent",
        "guard-protected",
        "guard-number-taken",
      ]),
    );
  });
});
