import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRest, judgeApproval } from "../../../src/action/review/judge-approval.ts";
import { reduceTo } from "../../../src/action/review/reviewed-plan.ts";
import type { Change, ChangeOp, Plan } from "../../../src/domain/plan/plan.ts";
import { CREATE, DELETE, FULL, makePlan, UPDATE } from "../../support/render/samples.ts";

const PULL = { number: 7, head: "h", fork: false };
const APPROVED = { digest: FULL.digest, reviewed: reduceTo(FULL, "values") };
const OTHER = { ...FULL, digest: "e".repeat(64) };

function codes(judged: Partial<Parameters<typeof judgeApproval>[0]>): string[] {
  return judgeApproval({ plan: FULL, pull: PULL, approval: APPROVED, begun: false, ...judged }).map(
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
  const rest = (changes: readonly Change[], approved: readonly Change[] = FULL.changes): boolean =>
    isRest(makePlan({ changes }), reduceTo(makePlan({ changes: approved }), "values"));

  it("is any part of it", () => {
    fc.assert(
      fc.property(fc.subarray([...FULL.changes]), (changes) => {
        expect(rest(changes)).toBe(true);
      }),
    );
  });

  it("may have fewer fields, and no other", () => {
    const fields = UPDATE.fields.slice(0, 1);
    expect(rest([{ ...UPDATE, fields }])).toBe(true);
    expect(rest([{ ...UPDATE, fields: [...fields, { field: "name", after: "x" }] }])).toBe(false);
  });

  it("may see something else on the PBX, and wants the same", () => {
    const moved = (values: object): Change => ({
      ...UPDATE,
      fields: [{ field: "routingType", before: "Forward", after: "Trunk", ...values }],
    });
    expect(rest([moved({ before: "DialCode" })])).toBe(true);
    expect(rest([moved({ after: "DialCode" })])).toBe(false);
  });

  it("does not turn a field into a secret one, nor back", () => {
    const plain: Change = { ...UPDATE, fields: [{ field: "name", before: "a", after: "b" }] };
    const hidden: Change = { ...UPDATE, fields: [{ field: "name", sensitive: true }] };
    expect(rest([hidden], [plain])).toBe(false);
    expect(rest([plain], [hidden])).toBe(false);
  });

  it.each<[ChangeOp, ChangeOp, boolean]>([
    ["create", "create", true],
    ["create", "update", true],
    ["create", "delete", false],
    ["update", "update", true],
    ["update", "create", false],
    ["update", "delete", false],
    ["delete", "delete", true],
    ["delete", "create", false],
    ["delete", "update", false],
  ])("of %s may be %s: %s", (approved, now, expected) => {
    const fields = [{ field: "name", before: "a", after: "b" }];
    expect(rest([{ ...UPDATE, op: now, fields }], [{ ...UPDATE, op: approved, fields }])).toBe(
      expected,
    );
  });

  it("touches no resource that was not approved", () => {
    expect(rest([{ ...UPDATE, key: "999" }])).toBe(false);
    expect(rest([{ ...DELETE, kind: "Other" }])).toBe(false);
  });

  it("is for the same PBX", () => {
    const reviewed = reduceTo(FULL, "values");
    const elsewhere: Plan = { ...FULL, target: { ...FULL.target, url: "https://other" } };
    expect(isRest(FULL, reviewed)).toBe(true);
    expect(isRest(elsewhere, reviewed)).toBe(false);
  });

  it("cannot be told where the fields were not kept", () => {
    expect(isRest(FULL, reduceTo(FULL, "fields"))).toBe(true);
    expect(isRest(FULL, reduceTo(FULL, "operations"))).toBe(false);
  });
});
