import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Origin } from "../../../src/domain/plan/diff.ts";
import { selectDrift } from "../../../src/domain/plan/drift.ts";
import type { Change, ChangeOp, Plan } from "../../../src/domain/plan/plan.ts";
import type { DesiredResource } from "../../../src/domain/resource.ts";

const origins = fc.constantFrom<Origin>("intended", "drift", "conflict");
const changes = fc
  .uniqueArray(
    fc.record({
      key: fc.integer({ min: 100, max: 140 }).map(String),
      op: fc.constantFrom<ChangeOp>("create", "update", "delete"),
      fields: fc.uniqueArray(
        fc.record({ field: fc.constantFrom("name", "size", "script"), origin: origins }),
        { minLength: 1, selector: ({ field }) => field },
      ),
      known: fc.boolean(),
    }),
    { selector: ({ key }) => key },
  )
  .map((drafts) => drafts.map((draft) => ({ ...draft, change: makeChange(draft) })));

describe("what is drift in a plan", () => {
  it("is everything without a base", () => {
    fc.assert(
      fc.property(changes, (drafts) => {
        const plan = makePlan(drafts.map(({ change }) => change));
        expect(selectDrift(plan, undefined).changes).toEqual(plan.changes);
      }),
    );
  });

  it("is never what Git alone has changed since the base", () => {
    fc.assert(
      fc.property(changes, (drafts) => {
        const { plan, base } = withBase(drafts);
        const kept = selectDrift(plan, base).changes.filter(({ op }) => op === "update");
        expect(
          kept.flatMap(({ fields }) => fields).filter(({ origin }) => origin === "intended"),
        ).toEqual([]);
        expect(kept.every(({ fields }) => fields.length > 0)).toBe(true);
      }),
    );
  });

  it("is every field of an update that the PBX has moved, and its patch speaks of these alone", () => {
    fc.assert(
      fc.property(changes, (drafts) => {
        const { plan, base } = withBase(drafts);
        const moved = plan.changes
          .filter(({ op }) => op === "update")
          .flatMap(({ key, fields }) =>
            fields.filter(({ origin }) => origin !== "intended").map(({ field }) => [key, field]),
          );
        const updates = selectDrift(plan, base).changes.filter(({ op }) => op === "update");
        expect(updates.flatMap(({ key, fields }) => fields.map((f) => [key, f.field]))).toEqual(
          moved,
        );
        for (const { fields, patch } of updates)
          expect(patch.map(({ path }) => path).toSorted()).toEqual(
            fields.map(({ field }) => `/${field}`).toSorted(),
          );
      }),
    );
  });

  it("is an app that vanished, and one that Git never had where Git must have all", () => {
    fc.assert(
      fc.property(changes, (drafts) => {
        const { plan, base } = withBase(drafts);
        const kept = new Set(selectDrift(plan, base).changes.map(({ key }) => key));
        for (const { key, op, known } of drafts) {
          if (op === "create" && known) expect(kept.has(key)).toBe(true);
          if (op === "delete") expect(kept.has(key)).toBe(!known);
        }
      }),
    );
  });

  it("counts what it keeps, and the rest as unchanged", () => {
    fc.assert(
      fc.property(changes, (drafts) => {
        const { plan, base } = withBase(drafts);
        const { summary, changes: kept } = selectDrift(plan, base);
        const count = (op: ChangeOp): number => kept.filter((change) => change.op === op).length;
        expect(summary.create).toBe(count("create"));
        expect(summary.update).toBe(count("update"));
        expect(summary.delete).toBe(count("delete"));
        expect(summary.create + summary.update + summary.unchanged).toBe(
          plan.summary.create + plan.summary.update + plan.summary.unchanged,
        );
      }),
    );
  });
});

interface Draft {
  readonly key: string;
  readonly op: ChangeOp;
  readonly fields: readonly { readonly field: string; readonly origin: Origin }[];
}

function makeChange({ key, op, fields }: Draft): Change {
  return {
    kind: "Widget",
    key,
    op,
    fields: fields.map((field) => ({ ...field, before: "old", after: "new" })),
    patch: [],
  };
}

function withBase(drafts: readonly (Draft & { known: boolean; change: Change })[]) {
  const base = new Map(
    drafts
      .filter(({ known, op }) => known || op === "update")
      .map(({ key }) => [`Widget ${key}`, { kind: "Widget", key } as DesiredResource]),
  );
  return { plan: makePlan(drafts.map(({ change }) => change)), base };
}

function makePlan(all: readonly Change[]): Plan {
  const count = (op: ChangeOp): number => all.filter((change) => change.op === op).length;
  return {
    formatVersion: 1,
    target: { name: "production", url: "https://pbx.example.com" },
    partial: false,
    summary: {
      create: count("create"),
      update: count("update"),
      delete: count("delete"),
      unchanged: 7,
    },
    changes: all,
    unmanaged: [],
    problems: [],
    digest: "",
  };
}
