import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareIds,
  findKind,
  hasChanges,
  planWrites,
  summarize,
  type Change,
  type Snapshot,
} from "../../../src/domain/plan/plan.ts";
import { nameResource, type LiveResource } from "../../../src/domain/resource.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { fleet, makeDesired, makeLive } from "../../support/worlds/arbitraries.ts";
import { widget } from "../../support/kinds/widget-kind.ts";

const KINDS = [callFlowApp, widget];

function takeSnapshot(live: readonly LiveResource[]): Snapshot {
  return new Map(live.map((resource) => [nameResource(resource), resource]));
}

describe("the plan of a fleet", () => {
  it("creates what the PBX lacks, updates what differs and leaves the rest out", () => {
    fc.assert(
      fc.property(fleet, ({ desired, live }) => {
        const snapshot = takeSnapshot(live);
        const planned = planWrites(KINDS, desired, snapshot);
        for (const { change, live: before } of planned) {
          expect(change.op).toBe(snapshot.has(nameResource(change)) ? "update" : "create");
          expect(before).toBe(snapshot.get(nameResource(change)));
        }
        const missing = desired.filter((resource) => !snapshot.has(nameResource(resource)));
        const created = planned.filter(({ change }) => change.op === "create");
        expect(created.map(({ change }) => change.key)).toEqual(missing.map(({ key }) => key));
        expect(
          planned.every(({ change }) => change.op === "create" || change.fields.length > 0),
        ).toBe(true);
      }),
    );
  });

  it("judges every resource by itself, so their order changes nothing but the order", () => {
    fc.assert(
      fc.property(fleet, ({ desired, live }) => {
        const forward = planWrites(KINDS, desired, takeSnapshot(live));
        const backward = planWrites(KINDS, desired.toReversed(), takeSnapshot(live.toReversed()));
        expect(backward.toReversed()).toEqual(forward);
      }),
    );
  });

  it("counts every selected resource once in its summary", () => {
    fc.assert(
      fc.property(fleet, ({ desired, live }) => {
        const changes = planWrites(KINDS, desired, takeSnapshot(live)).map(({ change }) => change);
        const summary = summarize(changes, desired.length);
        expect(summary.create + summary.update + summary.unchanged).toBe(desired.length);
        expect(summary.create).toBe(changes.filter(({ op }) => op === "create").length);
        const deletes = live.map((gone): Change => ({
          ...gone,
          op: "delete",
          fields: [],
          patch: [],
        }));
        expect(summarize([...changes, ...deletes], desired.length)).toEqual({
          ...summary,
          delete: live.length,
        });
        expect(hasChanges({ changes })).toBe(summary.unchanged < desired.length);
      }),
    );
  });
});

describe("a planned change", () => {
  const desired = makeDesired(callFlowApp, "806", { name: "lobby", routingType: "Forward" });

  it("carries the name, the place, the patch and both sides", () => {
    const live = makeLive(callFlowApp, "806", { Name: "lobby", RoutingType: "DialCode" }, 42);
    expect(planWrites(KINDS, [desired], takeSnapshot([live]))).toEqual([
      {
        kind: callFlowApp,
        desired,
        live,
        change: {
          op: "update",
          kind: "CallFlowApp",
          key: "806",
          title: "lobby",
          fields: [
            {
              field: "routingType",
              before: "DialCode",
              after: "Forward",
              at: { file: "apps/806.yaml", line: 7, column: 3 },
            },
          ],
          patch: [{ op: "replace", path: "/routingType", value: "Forward" }],
          at: { file: "apps/806.yaml", line: 4, column: 11 },
        },
      },
    ]);
  });

  it("has no name where the manifest gives none, or gives a secret for one", () => {
    const nameless = makeDesired(callFlowApp, "807", { routingType: "Forward" });
    const secret = makeDesired(callFlowApp, "808", { name: new Secret("hidden") });
    const planned = planWrites(KINDS, [nameless, secret], new Map());
    expect(planned.map(({ change }) => "title" in change)).toEqual([false, false]);
  });

  it("creates what is missing even where the manifest sets nothing", () => {
    const [item, ...others] = planWrites(KINDS, [makeDesired(widget, "a", {})], new Map());
    expect(item?.change).toMatchObject({ op: "create", key: "a", fields: [], patch: [] });
    expect(others).toEqual([]);
  });

  it("keeps two kinds with the same key apart", () => {
    const live = makeLive(widget, "806", { Title: "lobby" });
    const [item] = planWrites(KINDS, [desired], takeSnapshot([live]));
    expect(item?.change.op).toBe("create");
  });

  it("of a kind that nobody registered is a bug and says which", () => {
    const stranger = { ...desired, kind: "Queue" };
    expect(() => planWrites(KINDS, [stranger], new Map())).toThrow("unknown kind Queue");
    expect(findKind(KINDS, "Widget")).toBe(widget);
  });
});

describe("the order of resources", () => {
  const id = fc.record({
    kind: fc.constantFrom("CallFlowApp", "Widget"),
    key: fc.string({ maxLength: 3 }),
  });

  it("is by kind and then by key, in code units", () => {
    fc.assert(
      fc.property(fc.array(id), (ids) => {
        const sorted = ids.toSorted(compareIds);
        const keys = sorted.map(({ kind, key }) => `${kind}\0${key}`);
        expect(keys).toEqual(keys.toSorted());
      }),
    );
  });

  it("says of two the same as of the two turned round", () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(compareIds(a, b) + compareIds(b, a)).toBe(0);
        expect(compareIds(a, b) === 0).toBe(nameResource(a) === nameResource(b));
      }),
    );
  });
});
