import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRest, judgeApproval } from "../../../src/action/review/judge-approval.ts";
import { NO_SEALS, nameField, type Seals } from "../../../src/domain/review/seals.ts";
import { reduceTo } from "../../../src/action/review/reviewed-plan.ts";
import type { Change, ChangeOp, Plan } from "../../../src/domain/plan/plan.ts";
import { CREATE, DELETE, FULL, makePlan, UPDATE } from "../../support/render/samples.ts";

const PULL = { number: 7, head: "h", fork: false };
const SEALS: Seals = {
  fields: new Map([
    [nameField("CallFlowApp *39", "transcriptionMode"), { before: "b1", after: "a1" }],
    [nameField("CallFlowApp *39", "name"), { before: "b2", after: "a2" }],
  ]),
  deletes: new Map([["CallFlowApp 801", "s1"]]),
  unset: ["u1", "u2"],
};
const APPROVED = { digest: FULL.digest, reviewed: reduceTo(FULL, "values", SEALS) };
const OTHER = { ...FULL, digest: "e".repeat(64) };

function codes(judged: Partial<Parameters<typeof judgeApproval>[0]>): string[] {
  const usual = { plan: FULL, pull: PULL, approval: APPROVED, begun: false, seals: SEALS };
  return judgeApproval({ ...usual, ...judged }).map(
    ({ code, message, hint }) => `${code}: ${message} ${hint ?? ""}`,
  );
}

describe("a plan that is about to be applied", () => {
  it("goes on when it is the reviewed one", () => {
    expect(codes({})).toEqual([]);
  });

  it("is refused for a commit that was pushed directly", () => {
    expect(codes({ pull: undefined, approval: undefined })).toEqual([
      expect.stringMatching(/^not-approved: the commit was pushed directly.*require-approved-plan/),
    ]);
  });

  it("is refused where nothing was reviewed, with the reason", () => {
    expect(codes({ approval: { lacks: "the check run is not finished" } })).toEqual([
      expect.stringMatching(
        /the check run is not finished, so nobody.*plan job of pull request #7/,
      ),
    ]);
    expect(codes({ approval: undefined })).toHaveLength(1);
  });

  it("is refused with what can be done for a fork", () => {
    expect(codes({ pull: { ...PULL, fork: true }, approval: { lacks: "none" } })).toEqual([
      expect.stringContaining("a fork gets no plan"),
    ]);
  });

  it("is refused when it differs, and says how", () => {
    const plan = { ...OTHER, changes: [CREATE] };
    const [first, ...differences] = codes({ plan });
    expect(first).toMatch(/^not-approved: the plan made now is not the one that was reviewed/);
    expect(differences).toEqual([
      expect.stringContaining("plan-differs: CallFlowApp 810: was to create"),
      expect.stringContaining("plan-differs: CallFlowApp *39: was to update"),
      expect.stringContaining("plan-differs: CallFlowApp 801: was to delete"),
    ]);
  });

  it("is refused when only what cannot be shown differs", () => {
    expect(codes({ plan: OTHER })[1]).toMatch(/digests differ.*same digest-key/);
    expect(
      codes({ plan: OTHER, approval: { digest: FULL.digest, reviewed: undefined } })[1],
    ).toContain("was not kept");
  });

  it("says nothing of secrets under another key, and all that can be said under the same", () => {
    const mode = nameField("CallFlowApp *39", "transcriptionMode");
    const moved = { ...SEALS, fields: new Map([[mode, { before: "other", after: "a1" }]]) };
    expect(codes({ plan: OTHER, seals: moved })[1]).toContain(
      "transcriptionMode is different on the PBX now",
    );
    expect(codes({ plan: OTHER, seals: { ...moved, unset: ["u9", "u8"] } })[1]).toMatch(
      /same digest-key/,
    );
  });

  it("goes on as the rest of what was approved only after that was begun", () => {
    const rest = { ...OTHER, changes: [UPDATE] };
    expect(codes({ plan: rest, begun: true })).toEqual([]);
    expect(codes({ plan: rest, begun: false })).not.toEqual([]);
    expect(
      codes({ plan: rest, begun: true, approval: { digest: FULL.digest, reviewed: undefined } }),
    ).not.toEqual([]);
  });
});

describe("the rest of an approved plan", () => {
  const rest = (
    changes: readonly Change[],
    approved: readonly Change[] = FULL.changes,
    seals: Seals = SEALS,
  ): boolean =>
    isRest(
      makePlan({ changes }),
      reduceTo(makePlan({ changes: approved }), "values", SEALS),
      seals,
    );

  it("is any part of it", () => {
    fc.assert(
      fc.property(fc.subarray([...FULL.changes]), (changes) => {
        expect(rest(changes)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it("may have fewer fields, and no other", () => {
    const fields = UPDATE.fields.slice(0, 1);
    expect(rest([{ ...UPDATE, fields }])).toBe(true);
    expect(rest([{ ...UPDATE, fields: [...fields, { field: "name", after: "x" }] }])).toBe(false);
  });

  it("finds each field as the approved plan saw it, and wants the same", () => {
    const moved = (values: object): Change => ({
      ...UPDATE,
      fields: [{ field: "routingType", before: "Forward", after: "Trunk", ...values }],
    });
    expect(rest([moved({})])).toBe(true);
    expect(rest([moved({ before: "DialCode" })])).toBe(false);
    expect(rest([moved({ after: "DialCode" })])).toBe(false);
  });

  it("finds a secret field as the approved plan saw it", () => {
    const name = nameField("CallFlowApp *39", "transcriptionMode");
    const hidden: Change = { ...UPDATE, fields: [{ field: "transcriptionMode", sensitive: true }] };
    const sealed = (before: string, after: string): Seals => ({
      ...SEALS,
      fields: new Map([[name, { before, after }]]),
    });
    expect(rest([hidden], [UPDATE], sealed("b1", "a1"))).toBe(true);
    expect(rest([hidden], [UPDATE], sealed("other", "a1"))).toBe(false);
    expect(rest([hidden], [UPDATE], sealed("b1", "other"))).toBe(false);
    expect(rest([hidden], [UPDATE], NO_SEALS)).toBe(false);
  });

  it("deletes only what is still all that it was", () => {
    const changed = { ...SEALS, deletes: new Map([["CallFlowApp 801", "s2"]]) };
    expect(rest([DELETE])).toBe(true);
    expect(rest([DELETE], [DELETE], changed)).toBe(false);
    expect(rest([DELETE], [DELETE], NO_SEALS)).toBe(false);
  });

  it("goes on with an app that it has made, and with none that somebody else has filled", () => {
    const script = { field: "scriptCode", after: "a\nb", diff: "@@" };
    const left = (...fields: readonly Change["fields"][number][]): Change => ({
      ...CREATE,
      op: "update",
      fields,
    });
    const trunk = { field: "trunk", before: { number: "1" }, after: null };
    expect(rest([left({ ...script, before: "" }, trunk)])).toBe(true);
    expect(rest([left({ ...script, before: null })])).toBe(true);
    expect(rest([left({ ...script, before: "theirs" })])).toBe(false);
    // Not even its name is in place.
    expect(rest([left(...CREATE.fields.map((field) => ({ ...field, before: "" })))])).toBe(false);
  });

  it("does not turn a field into a secret one, nor back", () => {
    const plain: Change = { ...UPDATE, fields: [{ field: "name", before: "a", after: "b" }] };
    const hidden: Change = { ...UPDATE, fields: [{ field: "name", sensitive: true }] };
    expect(rest([hidden], [hidden])).toBe(true);
    expect(rest([hidden], [plain])).toBe(false);
    expect(rest([plain], [hidden])).toBe(false);
  });

  it.each<[ChangeOp, ChangeOp, boolean]>([
    ["create", "create", true],
    ["create", "delete", false],
    ["update", "update", true],
    ["update", "create", false],
    ["update", "delete", false],
    ["delete", "create", false],
    ["delete", "update", false],
  ])("of %s may be %s: %s", (approved, now, expected) => {
    const fields = [{ field: "routingType", before: "a", after: "b" }];
    expect(rest([{ ...UPDATE, op: now, fields }], [{ ...UPDATE, op: approved, fields }])).toBe(
      expected,
    );
  });

  it("touches no resource that was not approved", () => {
    expect(rest([{ ...UPDATE, key: "999" }])).toBe(false);
    expect(rest([{ ...DELETE, kind: "Other" }])).toBe(false);
  });

  it("is for the same PBX", () => {
    const reviewed = reduceTo(FULL, "values", SEALS);
    const elsewhere: Plan = { ...FULL, target: { ...FULL.target, url: "https://other" } };
    expect(isRest(FULL, reviewed, SEALS)).toBe(true);
    expect(isRest(elsewhere, reviewed, SEALS)).toBe(false);
  });

  it("cannot be told where the values were not kept", () => {
    expect(isRest(FULL, reduceTo(FULL, "fields"), SEALS)).toBe(false);
    expect(isRest(FULL, reduceTo(FULL, "operations"), SEALS)).toBe(false);
  });
});
