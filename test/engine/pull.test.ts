import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/domain/plan/plan.ts";
import { nameResource, type LiveResource } from "../../src/domain/resource.ts";
import { Secret } from "../../src/domain/secret.ts";
import { planPull, type PullRequest } from "../../src/engine/pull.ts";
import { refresh } from "../../src/engine/refresh.ts";
import { BENCH_KINDS, createBench, desireApp, desireWidget } from "../support/pbx/bench.ts";
import { world } from "../support/worlds/engine-cases.ts";

const live = (key: string, fields: LiveResource["fields"] = {}): LiveResource => ({
  kind: "CallFlowApp",
  key,
  id: 1,
  fields: { name: "night", groups: [], ...fields },
  status: {},
});

const snapshotOf = (...resources: LiveResource[]): Snapshot =>
  new Map(resources.map((resource) => [nameResource(resource), resource]));

const plan = (more: Partial<PullRequest>) =>
  planPull({
    kinds: BENCH_KINDS,
    resources: [],
    elsewhere: new Set(),
    snapshot: new Map(),
    selects: () => true,
    named: [],
    texts: true,
    ...more,
  });

describe("what there is to pull", () => {
  it("is everything that differs and nothing that does not, for any manifests and any PBX", async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ desired, live: state }) => {
        const bench = createBench(state);
        const snapshot = await refresh(bench.pbx.reader, BENCH_KINDS);
        const pulled = plan({ resources: desired, snapshot });
        const { plan: push } = await bench.plan(desired, { snapshot });
        const names = (list: readonly { kind: string; key: string }[]) => list.map(nameResource);
        const updates = push.changes.filter(({ op }) => op === "update");
        expect(pulled.updates.map(({ desired: one }) => nameResource(one))).toEqual(names(updates));
        expect(pulled.updates.map(({ fields }) => fields)).toEqual(
          updates.map(({ fields }) => fields.map(({ field }) => field)),
        );
        expect(names(pulled.gone)).toEqual(names(push.changes.filter(({ op }) => op === "create")));
        expect(names(pulled.creates)).toEqual(names(push.unmanaged));
        expect(pulled.unchanged).toHaveLength(push.summary.unchanged);
      }),
      { numRuns: 60 },
    );
  });

  it("is in the order of kinds and keys, whatever the order it comes in", () => {
    const [a, b, c] = [live("801"), live("802"), live("*9")];
    const one = plan({ snapshot: snapshotOf(a, b, c) });
    expect(one.creates.map(({ key }) => key)).toEqual(["*9", "801", "802"]);
    expect(plan({ snapshot: snapshotOf(c, b, a) })).toEqual(one);
  });

  it("leaves texts out where they are to be left", () => {
    const resources = [desireApp("801", { name: "day", scriptCode: "class A {}" })];
    const snapshot = snapshotOf(live("801", { scriptCode: "class B {}" }));
    expect(plan({ resources, snapshot }).updates[0]?.fields).toEqual(["name", "scriptCode"]);
    expect(plan({ resources, snapshot, texts: false }).updates[0]?.fields).toEqual(["name"]);
    const script = [desireApp("801", { scriptCode: "class A {}" })];
    expect(plan({ resources: script, snapshot, texts: false }).unchanged).toHaveLength(1);
  });

  it("leaves ignored fields, and compares a secret by its value", () => {
    const ignoring = desireApp(
      "801",
      { name: "day" },
      { lifecycle: { protect: false, ignore: ["name"] } },
    );
    expect(
      plan({ resources: [ignoring], snapshot: snapshotOf(live("801")) }).unchanged,
    ).toHaveLength(1);
    const secret = desireApp("801", { name: new Secret("night") });
    expect(plan({ resources: [secret], snapshot: snapshotOf(live("801")) }).unchanged).toHaveLength(
      1,
    );
  });

  it("is what was selected, and never what has a manifest for other targets", () => {
    const snapshot = snapshotOf(live("801"), live("802"), live("803"));
    const elsewhere = new Set(["CallFlowApp 803"]);
    const { creates, problems } = plan({
      snapshot,
      elsewhere,
      selects: ({ key }) => key !== "801",
      named: ["802", "803"],
    });
    expect(creates.map(({ key }) => key)).toEqual(["802"]);
    expect(problems).toEqual([]);
  });

  it("knows each number that is named, from the PBX or from a manifest", () => {
    const resources = [desireApp("801", { name: "gone" }), desireWidget("bolt", [], {})];
    const named = ["801", "802", "bolt", "999", "80"];
    const { problems, gone } = plan({ resources, snapshot: snapshotOf(live("802")), named });
    expect(problems.map(({ message }) => message)).toEqual([
      "neither the PBX nor a manifest has 999",
      "neither the PBX nor a manifest has 80",
    ]);
    expect(gone.map(({ key }) => key)).toEqual(["801", "bolt"]);
  });
});
