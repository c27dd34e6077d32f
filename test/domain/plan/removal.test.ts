import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computeDigest } from "../../../src/domain/plan/digest.ts";
import {
  compareIds,
  planWrites,
  type BaseResources,
  type Snapshot,
} from "../../../src/domain/plan/plan.ts";
import {
  linkRenumberings,
  planRemovals,
  type Prune,
  type RemovalInput,
  type Removals,
} from "../../../src/domain/plan/removal.ts";
import {
  nameResource,
  type DesiredResource,
  type ResourceId,
} from "../../../src/domain/resource.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { fleet, makeDesired, makeLive, type Fleet } from "../../support/worlds/arbitraries.ts";
import { widget } from "../../support/kinds/widget-kind.ts";

const KINDS = [callFlowApp, widget];
const PRUNES = fc.constantFrom<Prune>("never", "removed", "all");

function byName<T extends ResourceId>(resources: readonly T[]): ReadonlyMap<string, T> {
  return new Map(resources.map((resource) => [nameResource(resource), resource]));
}

function remove(input: Partial<RemovalInput>): Removals {
  return planRemovals({
    kinds: KINDS,
    desired: [],
    snapshot: new Map(),
    base: undefined,
    prune: "never",
    selects: () => true,
    ...input,
  });
}

/** A fleet, part of whose manifests are gone since the base. */
const shrunken = fleet.chain(({ desired, live }) =>
  fc.record({
    live: fc.constant(live),
    base: fc.constant(desired),
    desired: fc.subarray([...desired]),
  }),
);

function snapshotOf({ live }: Pick<Fleet, "live">): Snapshot {
  return byName(live);
}

function namesOf(resources: readonly ResourceId[]): string[] {
  return resources.map(nameResource);
}

describe("what no manifest names", () => {
  it("is deleted or left alone, each once and in order, and never what a manifest names", () => {
    fc.assert(
      fc.property(shrunken, PRUNES, (given, prune) => {
        const base: BaseResources = byName(given.base);
        const { deletes, unmanaged } = remove({
          desired: given.desired,
          snapshot: snapshotOf(given),
          base,
          prune,
        });
        const ours = new Set(namesOf(given.desired));
        const strangers = given.live.filter((live) => !ours.has(nameResource(live)));
        const all = [...deletes.map(({ change }) => change), ...unmanaged];
        expect(namesOf(all.toSorted(compareIds))).toEqual(namesOf(strangers.toSorted(compareIds)));
      }),
    );
  });

  it("is deleted only as the policy says: never, what Git had, or all", () => {
    fc.assert(
      fc.property(shrunken, PRUNES, (given, prune) => {
        const base: BaseResources = byName(given.base);
        const { deletes, unmanaged } = remove({
          ...given,
          snapshot: snapshotOf(given),
          base,
          prune,
        });
        for (const { change } of deletes) {
          expect(prune).not.toBe("never");
          expect(prune === "all" || base.has(nameResource(change))).toBe(true);
        }
        for (const resource of unmanaged) {
          expect(prune).not.toBe("all");
          expect(resource.released === true).toBe(base.has(nameResource(resource)));
          expect(prune === "removed" && resource.released === true).toBe(false);
        }
      }),
    );
  });

  it("is never deleted as removed where there is no base to tell", () => {
    fc.assert(
      fc.property(shrunken, (given) => {
        const { deletes } = remove({
          ...given,
          snapshot: snapshotOf(given),
          base: undefined,
          prune: "removed",
        });
        expect(deletes).toEqual([]);
      }),
    );
  });

  it("is left alone where flags leave it out, by its number or by the labels it had", () => {
    const base = byName([makeDesired(callFlowApp, "806", {}, { labels: { team: "support" } })]);
    const snapshot = byName([
      makeLive(callFlowApp, "806", {}),
      makeLive(callFlowApp, "807", {}, 2),
    ]);
    const seen: unknown[] = [];
    const { deletes, unmanaged } = remove({
      snapshot,
      base,
      prune: "all",
      selects: ({ key }, labels) => {
        seen.push([key, labels]);
        return key === "807";
      },
    });
    expect(seen).toEqual([
      ["806", { team: "support" }],
      ["807", {}],
    ]);
    expect(deletes.map(({ change }) => change.key)).toEqual(["807"]);
    expect(unmanaged).toEqual([{ kind: "CallFlowApp", key: "806", released: true }]);
  });

  it("is described by what goes, without its script", () => {
    const live = makeLive(callFlowApp, "806", {
      Name: "lobby",
      RoutingType: null,
      ScriptCode: "pin = 1234;",
      Groups: [{ GroupId: 1, Name: "DEFAULT", Rights: null }],
    });
    const { deletes } = remove({ snapshot: byName([live]), prune: "all" });
    expect(deletes).toEqual([
      {
        kind: callFlowApp,
        live,
        change: {
          op: "delete",
          kind: "CallFlowApp",
          key: "806",
          title: "lobby",
          fields: [
            { field: "name", before: "lobby" },
            { field: "routingType", before: null },
            { field: "groups", before: [{ name: "DEFAULT", role: "users" }] },
          ],
          patch: [
            { op: "remove", path: "/groups" },
            { op: "remove", path: "/routingType" },
            { op: "remove", path: "/name" },
          ],
        },
      },
    ]);
  });

  it("does not show what was a secret at the base", () => {
    const fields = { name: new Secret("hunter2"), trunk: new Secret({ number: "77777" }) };
    const base = byName([makeDesired(callFlowApp, "806", fields)]);
    const live = makeLive(callFlowApp, "806", {
      Name: "hunter2",
      Trunk: { Id: 1, Number: "77777" },
    });
    for (const prune of ["never", "removed"] as const) {
      const { deletes, unmanaged } = remove({ snapshot: byName([live]), base, prune });
      const shown = inspect([deletes.map(({ change }) => change), unmanaged], { depth: null });
      expect(shown).toContain("806");
      expect(shown).not.toMatch(/hunter2|77777/);
    }
  });

  it("is part of the digest with all that it has, its script too", () => {
    const digests = ["a", "b"].map((script) => {
      const live = makeLive(callFlowApp, "806", { ScriptCode: script });
      const { deletes } = remove({ snapshot: byName([live]), prune: "all" });
      return computeDigest(new Secret("key"), { name: "t", url: "u" }, deletes);
    });
    expect(new Set(digests).size).toBe(2);
  });
});

function makeApp(key: string, name: string, file = `apps/${key}.yaml`): DesiredResource {
  return makeDesired(callFlowApp, key, { name }, { at: { file, line: 4, column: 11 } });
}

/** Each create with the number it had, and each delete with what takes its place. */
function link(
  before: readonly DesiredResource[],
  after: readonly DesiredResource[],
  known = true,
): string[] {
  const live = before.map(({ key }, index) => makeLive(callFlowApp, key, {}, index + 1));
  const base = byName(before);
  const snapshot = byName(live);
  const writes = planWrites(KINDS, after, snapshot, base);
  const { deletes } = remove({ desired: after, snapshot, base, prune: "removed" });
  const linked = linkRenumberings(writes, deletes, after, known ? base : undefined);
  return [
    ...linked.writes.flatMap(({ change: { key, renumbers } }) =>
      renumbers === undefined ? [] : [`${key} was ${renumbers}`],
    ),
    ...linked.deletes.flatMap(({ change, successor }) =>
      successor === undefined ? [] : [`${change.key} becomes ${successor.key}`],
    ),
  ];
}

describe("a manifest whose number changed", () => {
  it("is known by its name", () => {
    expect(link([makeApp("806", "lobby")], [makeApp("810", "lobby")])).toEqual([
      "810 was 806",
      "806 becomes 810",
    ]);
  });

  it("is known by its file", () => {
    const [before, after] = [makeApp("806", "lobby", "a.yaml"), makeApp("810", "foyer", "a.yaml")];
    expect(link([before], [after])).toEqual(["810 was 806", "806 becomes 810"]);
  });

  it("is known by its name before its file, whichever comes first", () => {
    const before = [makeApp("801", "a", "all.yaml"), makeApp("802", "b", "all.yaml")];
    const after = [
      makeApp("811", "new", "all.yaml"),
      makeApp("812", "b", "all.yaml"),
      makeApp("813", "a", "all.yaml"),
    ];
    expect(link(before, after)).toEqual([
      "812 was 802",
      "813 was 801",
      "801 becomes 813",
      "802 becomes 812",
    ]);
  });

  it.each([
    [
      "its old number is still in Git",
      [makeApp("806", "lobby")],
      [makeApp("806", "lobby"), makeApp("810", "lobby")],
    ],
    ["neither name nor file is the same", [makeApp("806", "lobby")], [makeApp("810", "foyer")]],
    [
      "the number was in Git before",
      [makeApp("806", "x"), makeApp("810", "x")],
      [makeApp("810", "x")],
    ],
  ])("is not taken for renumbered when %s", (_, before, after) => {
    expect(link(before, after)).toEqual([]);
  });

  it("is not taken for renumbered when the PBX lost what Git always had", () => {
    const [old, kept] = [makeApp("806", "lobby"), makeApp("810", "lobby")];
    const base = byName([old, kept]);
    const writes = planWrites(KINDS, [kept], new Map(), base);
    expect(writes.map(({ change }) => change.op)).toEqual(["create"]);
    expect(linkRenumberings(writes, [], [kept], base).writes).toEqual(writes);
  });

  it("is not told from a new one where there is no base", () => {
    expect(link([makeApp("806", "lobby")], [makeApp("810", "lobby")], false)).toEqual([]);
  });

  it("has one successor at most, and is the predecessor of one", () => {
    const names = fc.constantFrom("a", "b");
    const apps = (first: number): fc.Arbitrary<DesiredResource[]> =>
      fc
        .array(fc.tuple(names, names), { maxLength: 4 })
        .map((list) =>
          list.map(([name, file], index) => makeApp(String(first + index), name, file)),
        );
    fc.assert(
      fc.property(apps(801), apps(811), (before, after) => {
        const said = link(before, after);
        const olds = said.filter((text) => text.includes("was")).map((text) => text.split(" ")[2]);
        expect(new Set(olds).size).toBe(olds.length);
        expect(said).toHaveLength(2 * olds.length);
      }),
    );
  });
});
