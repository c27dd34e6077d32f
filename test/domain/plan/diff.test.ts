import * as fc from "fast-check";
import jsonPatch from "fast-json-patch";
import { describe, expect, it } from "vitest";
import { canonicalizeField, canonicalizeJson } from "../../../src/domain/plan/canonical.ts";
import {
  diffResource,
  revealChange,
  toJsonPatch,
  type FieldChange,
} from "../../../src/domain/plan/diff.ts";
import type { Kind } from "../../../src/domain/ports.ts";
import type { Json } from "../../../src/domain/json.ts";
import type { DesiredResource, LiveResource } from "../../../src/domain/resource.ts";
import { reveal, Secret } from "../../../src/domain/secret.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import {
  desiredOf,
  kindCases,
  liveOf,
  makeDesired,
  makeLive,
} from "../../support/worlds/arbitraries.ts";

/** The PBX after these changes were made to it, in whatever form the values were written. */
function write(
  kind: Kind,
  desired: DesiredResource,
  live: LiveResource | undefined,
  changes: readonly FieldChange[],
): LiveResource {
  const written = changes.map(({ field }) => [
    field,
    revealChange(kind, desired, live, field).after,
  ]);
  const base = live ?? { kind: kind.name, key: desired.key, id: 1, fields: {}, status: {} };
  return { ...base, fields: { ...base.fields, ...Object.fromEntries(written) } };
}

/** The PBX as the manifest says, the values as the manifest writes them. */
function obey(kind: Kind, desired: DesiredResource): LiveResource {
  const fields = Object.entries(desired.fields).map(([name, value]) => [name, reveal(value)]);
  return { ...write(kind, desired, undefined, []), fields: Object.fromEntries(fields) };
}

function reverseLists(fields: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.toReversed() : value,
    ]),
  );
}

function diffAgain(kind: Kind, desired: DesiredResource, live: LiveResource): string[] {
  return diffResource(kind, desired, live).map(({ field }) => field);
}

function diffApp(fields: Record<string, Json>, live: Record<string, Json>): FieldChange[] {
  const desired = makeDesired(callFlowApp, "806", fields);
  return diffResource(callFlowApp, desired, makeLive(callFlowApp, "806", live));
}

describe.each(kindCases)("the difference of a $name", (kindCase) => {
  const { kind, properties } = kindCase;
  const manifest = desiredOf(kindCase);
  const pair = fc.tuple(manifest, liveOf(kindCase));

  it("and a PBX that is as the manifest says is empty", () => {
    fc.assert(
      fc.property(manifest, (desired) => {
        expect(diffResource(kind, desired, obey(kind, desired))).toEqual([]);
      }),
    );
  });

  it("is empty once the changes are made, whatever the PBX had", () => {
    fc.assert(
      fc.property(pair, ([desired, live]) => {
        const changes = diffResource(kind, desired, live);
        expect(diffAgain(kind, desired, write(kind, desired, live, changes))).toEqual([]);
      }),
    );
  });

  it("is empty once it is created", () => {
    fc.assert(
      fc.property(manifest, (desired) => {
        const changes = diffResource(kind, desired, undefined);
        expect(diffAgain(kind, desired, write(kind, desired, undefined, changes))).toEqual([]);
      }),
    );
  });

  it("names every field whose comparable values differ, and no other", () => {
    fc.assert(
      fc.property(pair, ([desired, live]) => {
        const changed = diffAgain(kind, desired, live);
        const differing = kind.fields.filter(({ name, comparison }) => {
          const wanted = desired.fields[name];
          if (wanted === undefined || desired.lifecycle.ignore.includes(name)) return false;
          const [before, after] = [live.fields[name] ?? null, reveal(wanted)].map((value) =>
            canonicalizeJson(canonicalizeField(comparison, kind.complete(name, value))),
          );
          return before !== after;
        });
        expect(changed).toEqual(differing.map(({ name }) => name));
      }),
    );
  });

  it("never touches a field that the manifest leaves out", () => {
    fc.assert(
      fc.property(pair, fc.nat(), ([desired, live], choice) => {
        const names = Object.keys(desired.fields);
        const absent = names[choice % names.length] ?? "";
        const { [absent]: _, ...fields } = desired.fields;
        const changes = diffResource(kind, { ...desired, fields }, live);
        expect(changes.map(({ field }) => field)).not.toContain(absent);
        expect(changes).toEqual(
          diffResource(kind, desired, live).filter(({ field }) => field !== absent),
        );
      }),
    );
  });

  it("leaves ignored fields of an existing resource alone, and writes them when it creates one", () => {
    fc.assert(
      fc.property(pair, ([desired, live]) => {
        const { ignore } = desired.lifecycle;
        const changed = diffAgain(kind, desired, live);
        expect(ignore.filter((name) => changed.includes(name))).toEqual([]);
        const created = diffResource(kind, desired, undefined).map(({ field }) => field);
        expect(created.toSorted()).toEqual(Object.keys(desired.fields).toSorted());
      }),
    );
  });

  it("does not depend on the order of lists that are sets", () => {
    fc.assert(
      fc.property(pair, ([desired, live]) => {
        const plain = Object.entries(desired.fields).filter(
          ([, value]) => !(value instanceof Secret),
        );
        const fields = Object.fromEntries(plain.map(([name, value]) => [name, reveal(value)]));
        const original = diffResource(kind, { ...desired, fields }, live);
        const turned = { ...desired, fields: reverseLists(fields) };
        expect(diffResource(kind, turned, live)).toEqual(original);
        const other = { ...live, fields: reverseLists(live.fields) };
        expect(diffResource(kind, turned, other)).toEqual(original);
      }),
    );
  });

  it("as a patch turns the values before into the values after", () => {
    fc.assert(
      fc.property(pair, ([desired, live]) => {
        const shown = diffResource(kind, desired, live).filter(
          ({ sensitive }) => sensitive !== true,
        );
        const [before, after] = (["before", "after"] as const).map((side) =>
          Object.fromEntries(shown.map((change) => [change.field, change[side]])),
        );
        const patched = jsonPatch.applyPatch(before, toJsonPatch(shown), true, false).newDocument;
        expect(JSON.stringify(patched)).toBe(JSON.stringify(after));
      }),
    );
  });

  it("as the patch of a creation builds the whole from nothing", () => {
    fc.assert(
      fc.property(manifest, (desired) => {
        const changes = diffResource(kind, desired, undefined);
        const shown = changes.filter(({ sensitive }) => sensitive !== true);
        const patched = jsonPatch.applyPatch({}, toJsonPatch(changes), true, false).newDocument;
        const after = Object.fromEntries(shown.map((change) => [change.field, change.after]));
        expect(patched).toEqual(after);
      }),
    );
  });

  it("gives values only where they did not come from a secret, and the place of each always", () => {
    fc.assert(
      fc.property(pair, ([desired, live]) => {
        for (const change of diffResource(kind, desired, live)) {
          const secret = desired.fields[change.field] instanceof Secret;
          const shown = ["before", "after", "diff"].filter((name) => name in change);
          expect(change.sensitive === true).toBe(secret);
          expect(shown.length === 0).toBe(secret);
          expect(change.at).toEqual(desired.fieldSpans[change.field]);
        }
      }),
    );
  });

  it("reads a field that the PBX does not show like one it shows as null", () => {
    fc.assert(
      fc.property(manifest, properties, (desired, rest) => {
        const live = makeLive(kind, desired.key, rest);
        const bare = Object.fromEntries(
          Object.entries(live.fields).filter(([, value]) => value !== null),
        );
        expect(diffResource(kind, desired, { ...live, fields: bare })).toEqual(
          diffResource(kind, desired, live),
        );
      }),
    );
  });
});

describe("the difference of a call flow app", () => {
  const support = { GroupId: 2, Name: "Support", Rights: { RoleName: "users" } };

  it("fills in the role that the API assumes", () => {
    expect(diffApp({ groups: [{ name: "Support" }] }, { Groups: [support] })).toEqual([]);
    expect(
      diffApp({ groups: [{ name: "Support", role: "managers" }] }, { Groups: [support] }),
    ).toEqual([
      {
        field: "groups",
        before: [{ name: "Support", role: "users" }],
        after: [{ name: "Support", role: "managers" }],
        at: { file: "apps/806.yaml", line: 6, column: 3 },
      },
    ]);
  });

  it.each([null, []])(
    "clears the departments with %j, and finds nothing to clear twice",
    (groups) => {
      expect(diffApp({ groups }, { Groups: [support] })).toMatchObject([
        { field: "groups", before: [{ name: "Support", role: "users" }], after: [] },
      ]);
      expect(diffApp({ groups }, { Groups: [] })).toEqual([]);
      expect(diffApp({ groups }, {})).toEqual([]);
    },
  );

  it("clears a trunk and a routing type with null", () => {
    const live = { Trunk: { Id: 7, Number: "10001" }, RoutingType: "Trunk" };
    expect(diffApp({ trunk: null, routingType: null }, live)).toMatchObject([
      { field: "routingType", before: "Trunk", after: null },
      { field: "trunk", before: { number: "10001" }, after: null },
    ]);
    expect(diffApp({ trunk: null, routingType: null }, { Trunk: null })).toEqual([]);
  });

  it("does not see favourites, which the PBX makes for itself", () => {
    const favourites = { GroupId: 9, Name: "___FAVORITES___100", Rights: null };
    expect(diffApp({ groups: [{ name: "Support" }] }, { Groups: [favourites, support] })).toEqual(
      [],
    );
  });

  it("has a script diff of the lines that differ and no values of its own making", () => {
    const changes = diffApp({ scriptCode: "a\r\nB\r\nc\r\n" }, { ScriptCode: "a\nb\nc" });
    expect(changes).toMatchObject([
      { before: "a\nb\nc", after: "a\nB\nc", diff: "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c" },
    ]);
  });

  it("refuses to reveal a field that the kind or the manifest does not have", () => {
    const desired = makeDesired(callFlowApp, "806", { name: "x" });
    expect(() => revealChange(callFlowApp, desired, undefined, "colour")).toThrow("no such field");
    expect(() => revealChange(callFlowApp, desired, undefined, "trunk")).toThrow("no such field");
  });
});
