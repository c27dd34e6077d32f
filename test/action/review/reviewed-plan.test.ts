import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  packReviewed,
  reduceTo,
  unpackReviewed,
} from "../../../src/action/review/reviewed-plan.ts";
import type { Change } from "../../../src/domain/plan/plan.ts";
import { comparePlans } from "../../../src/domain/plan/compare-plans.ts";
import { CREATE, FULL, makePlan, UPDATE } from "../../support/render/samples.ts";

const LIMIT = 65_535;

const json = fc.jsonValue({ maxDepth: 2 });
const field = fc.record(
  { field: fc.string(), before: json, after: json, sensitive: fc.constant(true as const) },
  { requiredKeys: ["field"] },
);
const change: fc.Arbitrary<Change> = fc.record({
  op: fc.constantFrom("create" as const, "update" as const, "delete" as const),
  kind: fc.string(),
  key: fc.string(),
  title: fc.string(),
  fields: fc.array(field, { maxLength: 4 }) as fc.Arbitrary<Change["fields"]>,
  patch: fc.constant([]),
});

describe("a reviewed plan", () => {
  it("is read back as it was packed", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), (changes) => {
        const plan = makePlan({ changes });
        const line = packReviewed(plan, LIMIT);
        expect(line).toMatch(/^<!-- callform-plan [A-Za-z0-9_-]+ -->$/);
        expect(unpackReviewed(`before\n${line}\nbehind`)).toEqual(
          JSON.parse(JSON.stringify(reduceTo(plan, "values"))),
        );
      }),
    );
  });

  it("compares with itself as the same, and tells what moved", () => {
    const reviewed = unpackReviewed(packReviewed(FULL, LIMIT));
    if (reviewed === undefined) throw new Error("not read");
    expect(comparePlans(reviewed, reduceTo(FULL, reviewed.kept))).toEqual([]);
    const fields = UPDATE.fields.map((one) =>
      one.field === "routingType" ? { ...one, after: "DialCode" } : one,
    );
    const moved = { ...FULL, changes: [CREATE, { ...UPDATE, fields }] };
    expect(comparePlans(reviewed, reduceTo(moved, reviewed.kept))).toEqual([
      "CallFlowApp 810: was to create, is no longer in the plan",
      "CallFlowApp 801: was to delete, is no longer in the plan",
      "CallFlowApp *39: routingType is to get another value now",
    ]);
  });

  it("holds no value of the plan", () => {
    const secret = "hunter2hunter2";
    const plan = makePlan({
      changes: [{ ...UPDATE, fields: [{ field: "name", before: secret, after: secret }] }],
    });
    const reviewed = unpackReviewed(packReviewed(plan, LIMIT));
    expect(JSON.stringify(reviewed)).not.toContain(secret);
  });

  it("leaves out values, then fields, then everything, where it grows too long", () => {
    const changes = Array.from({ length: 1000 }, (_, n) => ({
      ...UPDATE,
      key: `${1000 + n}`,
      fields: ["a", "b", "c", "d", "e", "f", "g"].map((name) => ({
        field: name,
        before: `${name}${n}`,
        after: `${n}${name}`,
      })),
    }));
    const plan = makePlan({ changes });
    const kept = (limit: number): string | undefined =>
      unpackReviewed(packReviewed(plan, limit))?.kept;
    expect(kept(1_000_000)).toBe("values");
    expect(kept(LIMIT)).toBe("fields");
    expect(packReviewed(plan, 100)).toBe("");
    for (const limit of [1_000_000, LIMIT, 6000, 4000, 100])
      expect(packReviewed(plan, limit).length).toBeLessThanOrEqual(limit);
    expect([6000, 5000, 4000, 3500, 3000].map(kept)).toContain("operations");
  });

  it.each([
    ["nothing", ""],
    ["other text", "## Plan"],
    ["a line that is cut", packReviewed(FULL, LIMIT).slice(0, -20)],
    ["something else that is packed", "<!-- callform-plan q1YqVrJSqgUA -->"],
    ["what is no base64", "<!-- callform-plan ???? -->"],
  ])("is none in %s", (_, text) => {
    expect(unpackReviewed(text)).toBeUndefined();
  });
});
