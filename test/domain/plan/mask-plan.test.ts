import { describe, expect, it } from "vitest";
import type { FieldChange } from "../../../src/domain/plan/diff.ts";
import { maskPlan } from "../../../src/domain/plan/mask/mask-plan.ts";
import type { Change, Plan } from "../../../src/domain/plan/plan.ts";
import { createRedactor } from "../../../src/domain/redact.ts";
import { Secret } from "../../../src/domain/secret.ts";

function planOf(fields: readonly FieldChange[], more: Partial<Change> = {}): Plan {
  return {
    formatVersion: 1,
    target: { name: "pbx", url: "https://pbx.example:9100" },
    partial: false,
    summary: { create: 0, update: 1, delete: 0, unchanged: 9100 },
    changes: [
      { op: "update", kind: "CallFlowApp", key: "9100", title: "door", fields, patch: [], ...more },
    ],
    unmanaged: [{ kind: "CallFlowApp", key: "801", title: "door of HunterTwo2" }],
    problems: [
      {
        severity: "warning",
        code: "x",
        message: "CallFlowApp 9100 said HunterTwo2",
        subject: "CallFlowApp 9100",
      },
    ],
    digest: "9100",
  };
}

/** The plan with these secrets masked, `looks` being what looks like one. */
function mask(plan: Plan, secrets: readonly string[], looks = /$^/g): Plan {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(new Secret(secret));
  redactor.spare(["9100", "CallFlowApp 9100"]);
  const suspects = (text: string) =>
    [...text.matchAll(looks)].map(({ index, 0: found }) => ({
      start: index,
      end: index + found.length,
    }));
  return maskPlan(plan, { redactor, suspects });
}

const script = (before: string, after: string, diff: string): FieldChange => ({
  field: "scriptCode",
  before,
  after,
  diff,
});

describe("a plan that is to be shown", () => {
  it("keeps keys, kinds, counts, the target and the digest, whatever is secret", () => {
    const plan = planOf([]);
    const shown = mask(plan, ["9100", "update", "scriptCode"]);
    expect(shown).toEqual(plan);
  });

  it("masks what the PBX has, in values, titles and problems", () => {
    const shown = mask(planOf([{ field: "name", before: "old HunterTwo2", after: "new" }]), [
      "HunterTwo2",
    ]);
    expect(shown.changes[0]?.fields).toEqual([
      { field: "name", before: "old (secret)", after: "new" },
    ]);
    expect(shown.changes[0]?.patch).toEqual([{ op: "replace", path: "/name", value: "new" }]);
    expect(shown.unmanaged[0]?.title).toBe("door of (secret)");
    expect(shown.problems[0]?.message).toBe("CallFlowApp 9100 said (secret)");
  });

  it("masks a PIN where the PBX has it, and not where the manifests say it or an app has it for a number", () => {
    const before = 'if (code == "9100")\nDial("9100")\nx';
    const after = 'if (code == mode)\nDial("9100")\nx';
    const diff = '@@ -1,3 +1,3 @@\n-if (code == "9100")\n+if (code == mode)\n Dial("9100")\n x';
    const [field] = mask(planOf([script(before, after, diff)]), ["9100"]).changes[0]?.fields ?? [];
    expect(field?.diff).toBe(
      '@@ -1,3 +1,3 @@\n-if (code == "(secret)")\n+if (code == mode)\n Dial("9100")\n x',
    );
    expect(field?.before).toBe('if (code == "(secret)")\nDial("9100")\nx');
    expect(field?.after).toBe(after);
  });

  it("masks each line of a secret that has several, and keeps the numbers of the lines", () => {
    const key = "-----BEGIN-----\nAAAABBBBCCCC\n-----END-----";
    const before = `a\nvar k = "${key}";\nb`;
    const after = "a\nb";
    const removed = before
      .split("\n")
      .slice(1, 4)
      .map((line) => `-${line}`);
    const diff = ["@@ -1,5 +1,2 @@", " a", ...removed, " b"].join("\n");
    const [field] = mask(planOf([script(before, after, diff)]), [key]).changes[0]?.fields ?? [];
    expect(field?.diff).toBe('@@ -1,5 +1,2 @@\n a\n-var k = "(secret)\n-(secret)\n-(secret)";\n b');
  });

  it("masks what looks like a credential on lines that go and stay, not on those of the manifests", () => {
    const before = 'old = "look1"\nboth = "look2"';
    const after = 'new = "look3"\nboth = "look2"';
    const diff = '@@ -1,2 +1,2 @@\n-old = "look1"\n+new = "look3"\n both = "look2"';
    const shown = mask(planOf([script(before, after, diff)]), [], /look\d/g);
    expect(shown.changes[0]?.fields[0]?.diff).toBe(
      '@@ -1,2 +1,2 @@\n-old = "(secret)"\n+new = "look3"\n both = "(secret)"',
    );
  });

  it("is not taken in by a line that looks like the head of a hunk", () => {
    const before = "@@ -9,9 +9,9 @@\nHunterTwo2";
    const diff = `@@ -1,2 +1,1 @@\n-${before.replace("\n", "\n-")}\n+x`;
    const [field] =
      mask(planOf([script(before, "x", diff)]), ["HunterTwo2"]).changes[0]?.fields ?? [];
    expect(field?.diff).toBe("@@ -1,2 +1,1 @@\n-@@ -9,9 +9,9 @@\n-(secret)\n+x");
  });

  it("masks the texts of lists and objects, and leaves their keys", () => {
    const before = [{ name: "HunterTwo2", role: "users" }];
    const [field] =
      mask(planOf([{ field: "groups", before, after: [] }]), ["HunterTwo2", "users-and-more"])
        .changes[0]?.fields ?? [];
    expect(field?.before).toEqual([{ name: "(secret)", role: "users" }]);
  });

  it("masks the title of what is deleted as the PBX has it", () => {
    const shown = mask(planOf([], { op: "delete", title: "pin 4711" }), ["4711"]);
    expect(shown.changes[0]?.title).toBe("pin (secret)");
    expect(mask(planOf([], { title: "pin 4711" }), ["4711"]).changes[0]?.title).toBe("pin 4711");
  });
});
