import { describe, expect, expectTypeOf, it } from "vitest";
import type { Entity } from "../../src/domain/ports.ts";
import { failure } from "../../src/domain/problem.ts";
import type { DesiredResource } from "../../src/domain/resource.ts";
import { Secret } from "../../src/domain/secret.ts";
import type { PlanRequest } from "../../src/engine/plan.ts";
import { createBench, desireApp, desireWidget } from "../support/pbx/bench.ts";
import { catchProblem } from "../support/pbx/problems.ts";

const GROUPS = [{ name: "DEFAULT", role: "users" }];

/** Twenty apps that run, numbered from 800. */
function makeApps(count = 20): Entity[] {
  return Array.from({ length: count }, (_, index) => ({
    Number: String(800 + index),
    Name: `app${index}`,
    ScriptCode: "class A {}",
  }));
}

function changeTwo(script: string): DesiredResource[] {
  return [
    desireApp("801", { scriptCode: new Secret(script) }),
    desireApp("802", { name: "other" }),
  ];
}

describe("planning", () => {
  it("is handed nothing that writes", () => {
    expectTypeOf<PlanRequest>().not.toHaveProperty("writer");
    expectTypeOf<keyof PlanRequest["reader"]>().toEqualTypeOf<"list">();
  });

  it("only reads", async () => {
    const { pbx, plan } = createBench({ departments: ["DEFAULT"], trunks: ["10001"] });
    const trunk = { number: "10001" };
    await plan([
      desireApp("900", { name: "hotline", groups: GROUPS, trunk, scriptCode: "class B {}" }),
      desireWidget("bolt", []),
    ]);
    expect(pbx.requests.toSorted()).toEqual([
      "GET CallFlowApps",
      "GET Groups by Name",
      "GET Peers by Number",
      "GET Trunks by Number",
      "GET Widgets",
    ]);
  });

  it("reads each kind once and nothing else when nothing changes", async () => {
    const { pbx, plan } = createBench({ departments: ["DEFAULT"], apps: makeApps() });
    const same = makeApps().map((_, index) =>
      desireApp(String(800 + index), { name: `app${index}` }),
    );
    const { plan: made } = await plan(same);
    expect(made.changes).toEqual([]);
    expect(made.summary).toEqual({ create: 0, update: 0, delete: 0, unchanged: 20 });
    expect(pbx.requests).toEqual(["GET CallFlowApps", "GET Widgets"]);
  });

  it("names the changes in the order of their keys, whatever the order of the manifests", async () => {
    const { plan } = createBench({ apps: makeApps() });
    const some = ["819", "803", "950", "811"].map((key) => desireApp(key, { name: "renamed" }));
    const { plan: made } = await plan(some);
    expect(made.changes.map(({ op, key }) => `${op} ${key}`)).toEqual([
      "update 803",
      "update 811",
      "update 819",
      "create 950",
    ]);
    expect((await plan(some.toReversed())).plan).toEqual(made);
  });

  it("leaves out what it was not asked about, and does not call that unmanaged", async () => {
    const { plan } = createBench({ apps: makeApps(3) });
    const ours = ["800", "801"].map((key) => desireApp(key, { name: "renamed" }));
    const { plan: made } = await plan(ours, { selects: ({ key }) => key === "801", partial: true });
    expect(made.changes.map(({ key }) => key)).toEqual(["801"]);
    expect(made.unmanaged.map(({ key }) => key)).toEqual(["802"]);
    expect(made.partial).toBe(true);
  });

  it("orders the work so that what is needed comes first", async () => {
    const { plan } = createBench();
    const { levels } = await plan([
      desireWidget("car", ["wheel", "bolt"]),
      desireWidget("wheel", ["bolt"]),
      desireWidget("bolt", []),
    ]);
    expect(levels.map((level) => level.map(({ change }) => change.key))).toEqual([
      ["bolt"],
      ["wheel"],
      ["car"],
    ]);
  });

  it("says so when things need each other in a circle", async () => {
    const { plan } = createBench();
    const { plan: made } = await plan([desireWidget("hen", ["egg"]), desireWidget("egg", ["hen"])]);
    expect(made.problems).toMatchObject([
      {
        severity: "error",
        code: "reference-cycle",
        message: expect.stringContaining("Widget egg"),
      },
    ]);
  });

  it("has the same digest for the same operations, and another for any other", async () => {
    const { plan } = createBench({ apps: makeApps(3) });
    const { plan: made } = await plan(changeTwo("PIN 1234"));
    expect((await plan(changeTwo("PIN 1234").toReversed())).plan.digest).toBe(made.digest);
    expect((await plan(changeTwo("PIN 1235"))).plan.digest).not.toBe(made.digest);
    expect(JSON.stringify(made)).not.toContain("1234");
  });

  it("ends with the PBX's words when it cannot read", async () => {
    const { plan } = createBench({
      before({ collection }) {
        if (collection === "Trunks") throw failure("pbx-forbidden", "no trunks for you");
      },
      trunks: ["10001"],
    });
    const app = desireApp("900", { name: "x", trunk: { number: "10001" } });
    expect((await catchProblem(plan([app]))).message).toBe("no trunks for you");
  });
});

describe("what a changed field names", () => {
  it("is looked up with one query for each collection, however many name it", async () => {
    const { pbx, plan } = createBench({ departments: ["DEFAULT", "Sales"], trunks: ["10001"] });
    const apps = Array.from({ length: 60 }, (_, index) =>
      desireApp(String(900 + index), {
        name: `app${index}`,
        scriptCode: "class B {}",
        trunk: { number: "10001" },
        groups: [{ name: index % 2 === 0 ? "DEFAULT" : "Sales" }],
      }),
    );
    const { plan: made, resolve } = await plan(apps);
    expect(made.problems).toEqual([]);
    const lookups = pbx.requests.filter((request) => /Groups|Trunks|Peers/.test(request));
    expect(lookups.toSorted()).toEqual([
      "GET Groups by Name",
      "GET Peers by Number",
      "GET Trunks by Number",
    ]);
    expect(resolve({ collection: "Groups", property: "Name", value: "Sales" })).toBe(2);
  });

  it("is not looked up when that field does not change", async () => {
    const { pbx, plan } = createBench({ departments: ["DEFAULT"], apps: makeApps(1) });
    const [group] = pbx.rows("Groups");
    pbx.edit("CallFlowApps", 2, {
      Groups: [{ GroupId: group?.["Id"] ?? 0, Name: "DEFAULT", Rights: { RoleName: "users" } }],
    });
    const { plan: made } = await plan([desireApp("800", { name: "renamed", groups: GROUPS })]);
    expect(made.changes[0]?.fields.map(({ field }) => field)).toEqual(["name"]);
    expect(pbx.requests).not.toContain("GET Groups by Name");
  });

  it("and is not there is a problem at that field", async () => {
    const { plan } = createBench({ departments: ["Support"], trunks: ["10001"] });
    const app = desireApp("900", {
      name: "x",
      scriptCode: "class B {}",
      groups: [{ name: "support" }],
      trunk: { number: "10002" },
    });
    const { plan: made } = await plan([app]);
    expect(made.problems).toMatchObject([
      {
        severity: "error",
        code: "lookup-missing",
        message: 'the PBX has no trunk "10002"',
        subject: "CallFlowApp 900",
        at: app.fieldSpans["trunk"],
      },
      {
        code: "lookup-missing",
        message: 'the PBX has no department "support"',
        hint: "did you mean Support? The two differ in case; departments: Support",
        at: app.fieldSpans["groups"],
      },
    ]);
  });

  it.each([
    ["SUPPORT ", "did you mean SUPPORT? The two differ in blanks;"],
    ["support ", "did you mean SUPPORT? The two differ in case and blanks;"],
    [
      "Cafe\u0301",
      "did you mean Caf\u00E9? The two differ in how letters with accents are composed;",
    ],
    ["SUPORT", "did you mean SUPPORT?"],
    ["Accounting", "create it in the admin console, or correct the name (case counts);"],
  ])("and is not there, as %j, brings the one that was meant", async (name, hint) => {
    const { plan } = createBench({ departments: ["SUPPORT", "Caf\u00E9"] });
    const { plan: made } = await plan([
      desireApp("900", { name: "x", scriptCode: "class B {}", groups: [{ name }] }),
    ]);
    expect(made.problems.map((problem) => problem.hint)).toEqual([
      `${hint} departments: SUPPORT, Caf\u00E9`,
    ]);
  });

  it("and is not there is told no name near it where it is a secret", async () => {
    const { plan } = createBench({ departments: ["Sales"] });
    const groups = new Secret([{ name: "sales", role: "users" }]);
    const { plan: made } = await plan([
      desireApp("900", { name: "x", scriptCode: "class B {}", groups }),
    ]);
    expect(made.problems.map(({ hint }) => hint)).toEqual([
      "create it in the admin console, or correct the name (case counts); departments: Sales",
    ]);
  });

  it("and is there twice is a problem as well, because nobody can know which one is meant", async () => {
    const { plan } = createBench({ departments: ["Sales", "Sales"] });
    const app = desireApp("900", {
      name: "x",
      scriptCode: "class B {}",
      groups: [{ name: "Sales" }],
    });
    const { plan: made } = await plan([app]);
    expect(made.problems).toMatchObject([
      {
        code: "lookup-ambiguous",
        message: 'the PBX has 2 departments called "Sales"',
        at: app.fieldSpans["groups"],
      },
    ]);
  });

  it("may be a secret", async () => {
    const { plan } = createBench({ departments: ["Sales"] });
    const groups = new Secret([{ name: "Sales", role: "users" }]);
    const { plan: made } = await plan([
      desireApp("900", { name: "x", scriptCode: "class B {}", groups }),
    ]);
    expect(made.problems).toEqual([]);
    expect(JSON.stringify(made)).not.toContain("Sales");
  });

  it("that was not looked up is a bug and not an id", async () => {
    const { resolve } = await createBench().plan([]);
    expect(() => resolve({ collection: "Groups", property: "Name", value: "x" })).toThrow(
      /unresolved/,
    );
  });
});

describe("a new app", () => {
  it("without any script is told, because calls to it reach nothing", async () => {
    const { plan } = createBench();
    const app = desireApp("900", { name: "x" });
    const { plan: made } = await plan([app, desireWidget("bolt", [])]);
    expect(made.problems).toEqual([
      {
        severity: "warning",
        code: "no-script",
        message:
          "CallFlowApp 900 is new and its manifest gives it no script, so calls to 900 will reach nothing",
        hint: expect.stringContaining("scriptFile"),
        at: app.at,
        subject: "CallFlowApp 900",
      },
    ]);
  });
});

describe("a new number", () => {
  const queues = [{ Number: "900", Name: "Support" }];

  it("that another kind of extension holds is a problem at its place", async () => {
    const { plan } = createBench({ queues });
    const app = desireApp("900", { name: "hotline", scriptCode: "class B {}" });
    const { plan: made } = await plan([
      app,
      desireApp("901", { name: "free", scriptCode: "class B {}" }),
    ]);
    expect(made.problems).toMatchObject([
      {
        severity: "error",
        code: "guard-number-taken",
        message: expect.stringContaining("900 is already taken on the PBX by Queue Support"),
        at: app.at,
      },
    ]);
  });

  it("is not asked after for what exists already, nor for kinds without numbers", async () => {
    const { pbx, plan } = createBench({ apps: makeApps(1) });
    await plan([desireApp("800", { name: "renamed" }), desireWidget("bolt", [])]);
    expect(pbx.requests).not.toContain("GET Peers by Number");
  });

  it("goes unchecked with a warning when the role may not list the number plan", async () => {
    const { plan } = createBench({
      queues,
      before({ collection }) {
        if (collection === "Peers") throw failure("pbx-forbidden", "refused with 403");
      },
    });
    const { plan: made } = await plan([
      desireApp("900", { name: "hotline", scriptCode: "class B {}" }),
    ]);
    expect(made.problems).toMatchObject([
      { severity: "warning", code: "numbers-unchecked", hint: expect.stringMatching(/role/) },
    ]);
  });

  it("cannot be checked at all when the PBX fails in another way", async () => {
    const { plan } = createBench({
      before({ collection }) {
        if (collection === "Peers") throw failure("pbx-refused", "refused with 500");
      },
    });
    const problem = await catchProblem(
      plan([desireApp("900", { name: "hotline", scriptCode: "class B {}" })]),
    );
    expect(problem.message).toBe("refused with 500");
  });
});

describe("one read of everything", () => {
  it("fails when two objects carry the same key", async () => {
    const { plan } = createBench({ apps: [{ Number: "800" }, { Number: "800" }] });
    expect(await catchProblem(plan([]))).toMatchObject({
      code: "pbx-answer",
      message: "the PBX has CallFlowApp 800 twice",
    });
  });

  it("stops when it is told to", async () => {
    const { pbx, plan } = createBench({ departments: ["DEFAULT"] });
    const reason = new Error("enough");
    const app = desireApp("900", { name: "x", scriptCode: "class B {}", groups: GROUPS });
    await expect(plan([app], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(pbx.requests).toEqual(["GET CallFlowApps", "GET Widgets"]);
  });
});
