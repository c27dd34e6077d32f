import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePlans } from "../../../src/domain/plan/compare-plans.ts";
import { computeDigest } from "../../../src/domain/plan/digest.ts";
import type { FieldChange } from "../../../src/domain/plan/diff.ts";
import { planWrites, type Change, type PlannedResource } from "../../../src/domain/plan/plan.ts";
import { nameResource, type DesiredResource } from "../../../src/domain/resource.ts";
import { reveal, Secret } from "../../../src/domain/secret.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { fleet, type Fleet } from "../../support/worlds/arbitraries.ts";
import { widget } from "../../support/kinds/widget-kind.ts";

const TARGET = { name: "production", url: "https://pbx.example.com" };

function open(resource: DesiredResource): DesiredResource {
  const fields = Object.entries(resource.fields).map(([name, value]) => [name, reveal(value)]);
  return { ...resource, fields: Object.fromEntries(fields) };
}

function plan({ desired, live }: Fleet): PlannedResource[] {
  const snapshot = new Map(live.map((resource) => [nameResource(resource), resource]));
  return planWrites([callFlowApp, widget], desired.map(open), snapshot);
}

function compare(reviewed: readonly Change[], current: readonly Change[]): string[] {
  return comparePlans({ target: TARGET, changes: reviewed }, { target: TARGET, changes: current });
}

function makeChange(
  key: string,
  fields: readonly FieldChange[],
  op: Change["op"] = "update",
): Change {
  return { op, kind: "CallFlowApp", key, fields, patch: [] };
}

describe("the comparison of two plans", () => {
  it("of a plan with itself finds nothing", () => {
    fc.assert(
      fc.property(fleet, (given) => {
        const changes = plan(given).map(({ change }) => change);
        expect(compare(changes, changes.toReversed())).toEqual([]);
      }),
    );
  });

  it("survives being saved and read back", () => {
    fc.assert(
      fc.property(fleet, (given) => {
        const changes = plan(given).map(({ change }) => change);
        const saved: readonly Change[] = JSON.parse(JSON.stringify(changes));
        expect(compare(saved, changes)).toEqual([]);
      }),
    );
  });

  it("finds something exactly when the digests differ, where nothing is secret", () => {
    fc.assert(
      fc.property(fleet, fleet, fc.boolean(), (one, other, same) => {
        const [a, b] = [plan(one), plan(same ? { ...one, live: other.live } : other)];
        const [left, right] = [a, b].map((work) => computeDigest(new Secret("key"), TARGET, work));
        const said = compare(
          a.map(({ change }) => change),
          b.map(({ change }) => change),
        );
        expect(said.length === 0).toBe(left === right);
      }),
    );
  });

  it("names the targets when they are not the same", () => {
    const other = { target: { ...TARGET, url: "https://other.example.com" }, changes: [] };
    expect(comparePlans({ target: TARGET, changes: [] }, other)).toEqual([
      "the reviewed plan is for production (https://pbx.example.com), this one for production (https://other.example.com)",
    ]);
  });

  const name = { field: "name", before: "a", after: "b" };
  const trunk = { field: "trunk", before: null, after: { number: "1" } };
  const secret = { field: "scriptCode", sensitive: true } as const;
  const script = { field: "scriptCode", before: "a", after: "b", diff: "" };

  it.each([
    [
      "a change that is gone",
      [makeChange("1", [name])],
      [],
      "was to update, is no longer in the plan",
    ],
    [
      "a change that is new",
      [],
      [makeChange("1", [name], "delete")],
      "is to delete, was not in the reviewed plan",
    ],
    [
      "another deed",
      [makeChange("1", [name])],
      [makeChange("1", [name], "create")],
      "was to update, is now to create",
    ],
    [
      "a field less",
      [makeChange("1", [name, trunk])],
      [makeChange("1", [name])],
      "trunk is no longer changed",
    ],
    [
      "a field more",
      [makeChange("1", [name])],
      [makeChange("1", [name, trunk])],
      "trunk is changed too",
    ],
    [
      "a PBX that moved",
      [makeChange("1", [name])],
      [makeChange("1", [{ ...name, before: "c" }])],
      "name is different on the PBX now",
    ],
    [
      "a manifest that moved",
      [makeChange("1", [name])],
      [makeChange("1", [{ ...name, after: "c" }])],
      "name is to get another value now",
    ],
    [
      "a new secret",
      [makeChange("1", [script])],
      [makeChange("1", [secret])],
      "scriptCode contains a secret now",
    ],
    [
      "a secret less",
      [makeChange("1", [secret])],
      [makeChange("1", [script])],
      "scriptCode contains no secret any more",
    ],
  ])("says of %s what it is", (_, reviewed, current, said) => {
    expect(compare(reviewed, current)).toEqual([`CallFlowApp 1: ${said}`]);
  });

  it("says both when both sides of a field moved", () => {
    const moved = { ...name, before: "c", after: "d" };
    expect(compare([makeChange("1", [name])], [makeChange("1", [moved])])).toEqual([
      "CallFlowApp 1: name is different on the PBX now",
      "CallFlowApp 1: name is to get another value now",
    ]);
  });

  it("does not see names, places, patches or diffs", () => {
    const bare = makeChange("1", [{ ...script, diff: "x" }]);
    const rich: Change = {
      ...makeChange("1", [{ ...script, at: { file: "a.yaml", line: 1, column: 1 } }]),
      title: "lobby",
      at: { file: "b.yaml", line: 2, column: 2 },
    };
    expect(compare([bare], [rich])).toEqual([]);
  });
});
