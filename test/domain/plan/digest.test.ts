import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalizeJson } from "../../../src/domain/plan/canonical.ts";
import { computeDigest, digestsMatch } from "../../../src/domain/plan/digest.ts";
import { planWrites, type PlannedResource } from "../../../src/domain/plan/plan.ts";
import type { Entity } from "../../../src/domain/ports.ts";
import {
  nameResource,
  type DesiredResource,
  type LiveResource,
} from "../../../src/domain/resource.ts";
import { Secret, type FieldValue } from "../../../src/domain/secret.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { fleet, makeDesired, makeLive, span } from "../../support/worlds/arbitraries.ts";
import { widget } from "../../support/kinds/widget-kind.ts";

const KEY = new Secret("client-secret");
const TARGET = { name: "production", url: "https://pbx.example.com:5001" };

function plan(
  desired: readonly DesiredResource[],
  live: readonly LiveResource[],
): PlannedResource[] {
  const snapshot = new Map(live.map((resource) => [nameResource(resource), resource]));
  return planWrites([callFlowApp, widget], desired, snapshot);
}

function digest(desired: readonly DesiredResource[], live: readonly LiveResource[] = []): string {
  return computeDigest(KEY, TARGET, plan(desired, live));
}

function digestApp(fields: Record<string, FieldValue>, live?: Entity): string {
  const before = live === undefined ? [] : [makeLive(callFlowApp, "806", live)];
  return digest([makeDesired(callFlowApp, "806", fields)], before);
}

/** The operations as a reader of the plan sees them. */
function describeWork(work: readonly PlannedResource[]): string {
  const operations = work.map(({ change: { op, kind, key, fields } }) => {
    const values = fields.map(({ field, before, after }) => [field, before ?? null, after ?? null]);
    return canonicalizeJson([op, kind, key, values]);
  });
  return operations.toSorted().join("\n");
}

describe("the digest of a plan", () => {
  it("is an HMAC-SHA-256 as hexadecimal text", () => {
    expect(digest([])).toMatch(/^[0-9a-f]{64}$/);
  });

  it("does not depend on the order of resources", () => {
    const shuffled = fleet.chain(({ desired, live }) =>
      fc.record({
        desired: fc.constant(desired),
        live: fc.constant(live),
        other: fc.shuffledSubarray([...desired], { minLength: desired.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ desired, live, other }) => {
        expect(digest(other, live.toReversed())).toBe(digest(desired, live));
      }),
    );
  });

  it("does not depend on where in the files things stand, on labels or on protection", () => {
    fc.assert(
      fc.property(fleet, span, ({ desired, live }, at) => {
        const moved = desired.map((resource) =>
          Object.assign(
            { ...resource },
            {
              at,
              fieldSpans: {},
              labels: { team: "other" },
              lifecycle: { ...resource.lifecycle, protect: true },
            },
          ),
        );
        expect(digest(moved, live)).toBe(digest(desired, live));
      }),
    );
  });

  it("does not depend on the name people gave, where that is not what changes", () => {
    const fields = { routingType: "Forward" };
    const named = digestApp({ ...fields, name: "lobby" }, { Name: "lobby" });
    expect(digestApp({ ...fields, name: "foyer" }, { Name: "foyer" })).toBe(named);
  });

  it("does not depend on forms of a value that compare equal", () => {
    const lf = digestApp({ scriptCode: "a\nb\n", groups: [{ name: "A" }, { name: "B" }] });
    const roles = [
      { role: "users", name: "B" },
      { name: "A", role: "users" },
    ];
    expect(digestApp({ groups: roles, scriptCode: "\uFEFFa \r\nb" })).toBe(lf);
  });

  it("is the same for two fleets exactly when the operations are", () => {
    const plain = fleet.map(({ desired, live }) => ({
      live,
      desired: desired.map((resource) => Object.assign({ ...resource }, openFields(resource))),
    }));
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        const [left, right] = [a, b].map(({ desired, live }) => plan(desired, live));
        const same = describeWork(left ?? []) === describeWork(right ?? []);
        const [one, other] = [left, right].map((work) => computeDigest(KEY, TARGET, work ?? []));
        expect(one === other).toBe(same);
      }),
    );
  });

  const base = digestApp({ name: "lobby", routingType: "Forward" }, { RoutingType: "Trunk" });

  it.each([
    ["a value", digestApp({ name: "lobby", routingType: "DialCode" }, { RoutingType: "Trunk" })],
    [
      "another field too",
      digestApp(
        { name: "lobby", routingType: "Forward", trunk: null },
        { RoutingType: "Trunk", Trunk: { Id: 1, Number: "1" } },
      ),
    ],
    ["a field less", digestApp({ routingType: "Forward" }, { RoutingType: "Trunk" })],
    [
      "what the PBX had before",
      digestApp({ name: "lobby", routingType: "Forward" }, { RoutingType: "DialCode" }),
    ],
    ["whether the PBX had it at all", digestApp({ name: "lobby", routingType: "Forward" })],
  ])("changes with %s", (_, other) => {
    expect(other).not.toBe(base);
  });

  it("changes with the number and with the kind", () => {
    const fields = { title: "a" };
    const digests = [
      digest([makeDesired(widget, "806", fields)]),
      digest([makeDesired(widget, "807", fields)]),
      digest([makeDesired(callFlowApp, "806", { name: "a" })]),
    ];
    expect(new Set(digests).size).toBe(3);
  });

  it("changes with the value of a secret, before and after, and not with its being one", () => {
    const withPin = (pin: string, before = "pin = 0;"): string =>
      digestApp({ scriptCode: new Secret(`pin = ${pin};`) }, { ScriptCode: before });
    expect(withPin("1")).not.toBe(withPin("2"));
    expect(withPin("1")).not.toBe(withPin("1", "pin = 3;"));
    expect(withPin("1")).toBe(digestApp({ scriptCode: "pin = 1;" }, { ScriptCode: "pin = 0;" }));
  });

  it("changes with the target's name and address and with the key", () => {
    const work = plan([makeDesired(callFlowApp, "806", { name: "lobby" })], []);
    const digests = [
      computeDigest(KEY, TARGET, work),
      computeDigest(KEY, { ...TARGET, name: "staging" }, work),
      computeDigest(KEY, { ...TARGET, url: "https://other.example.com" }, work),
      computeDigest(new Secret("other-secret"), TARGET, work),
    ];
    expect(new Set(digests).size).toBe(4);
  });
});

describe("the comparison of digests", () => {
  it("takes equal ones for equal and no others, of whatever length", () => {
    const text = fc.string({ maxLength: 3 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(digestsMatch(a, b)).toBe(a === b);
        expect(digestsMatch(a, a)).toBe(true);
      }),
    );
  });
});

function openFields({ fields }: DesiredResource): Pick<DesiredResource, "fields"> {
  const open = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Secret ? value.reveal() : value,
  ]);
  return { fields: Object.fromEntries(open) };
}
