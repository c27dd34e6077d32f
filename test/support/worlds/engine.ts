import * as fc from "fast-check";
import type { Entity, Kind } from "../../../src/domain/ports.ts";
import type { Prune } from "../../../src/domain/plan/removal.ts";
import type { DesiredResource } from "../../../src/domain/resource.ts";
import { callFlowAppCase, makeDesired, taint, widgetCase, type Fields } from "./arbitraries.ts";
import { desireApp } from "../pbx/bench.ts";

/** What goes wrong while a plan is carried out. `effective`: the request had taken effect by then. */
export interface WorldFault {
  readonly type: "lost" | "refused" | "stop" | "kill";
  /** The request that it strikes, counted from 1 since the apply began. */
  readonly at: number;
  readonly effective: boolean;
}

/** What somebody does in the console after the base was applied. */
export interface ConsoleEdit {
  readonly key: string;
  readonly deed: "rename" | "rewrite" | "remove";
}

/** A base that was applied or not, what Git says now, what the PBX has besides, what the target allows, and what goes wrong. */
export interface EngineWorld {
  readonly kind: Kind;
  readonly base: readonly DesiredResource[] | undefined;
  readonly head: readonly DesiredResource[];
  /** Rows that are there before anything is applied. */
  readonly rows: readonly Entity[];
  /** The base has been applied before. */
  readonly deployed: boolean;
  readonly edits: readonly ConsoleEdit[];
  readonly prune: Prune;
  readonly maxDeletes: number;
  readonly maxChangePercent: number | undefined;
  readonly protect: readonly string[];
  readonly unprotect: readonly string[];
  readonly allowUnhealthy: readonly string[];
  /** Keys that flags leave out of the plan. */
  readonly left: readonly string[];
  readonly faults: readonly WorldFault[];
  readonly losesOldScript: boolean;
  readonly keepFailed: boolean;
  readonly concurrency: number;
}

export const DEPARTMENTS = ["DEFAULT", "Support", "Sales", "Büro"];
export const TRUNKS = ["10001", "10002"];

/** A kind of world: the keys that live in it, its manifests and its rows. */
interface Nature {
  readonly kind: Kind;
  readonly keys: readonly string[];
  /** Policies that protect some of the keys. */
  readonly patterns: readonly string[];
  readonly fields: fc.Arbitrary<Fields>;
  readonly row: fc.Arbitrary<Entity>;
  readonly desire: (
    key: string,
    fields: Fields,
    secret: readonly string[],
    more: Partial<DesiredResource>,
  ) => DesiredResource;
}

// Few, so that titles repeat and renumberings are found.
const title = fc.constantFrom("night", "day", "menu", "spam");
const script = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom("run a", "run b\n", "run c\r\n", "\uFEFFrun d ", "run ü"),
  },
  { weight: 2, arbitrary: fc.constantFrom("REFUSE one", "REFUSE two") },
  { weight: 1, arbitrary: fc.constant("HANG") },
);

const apps: Nature = {
  kind: callFlowAppCase.kind,
  keys: Array.from({ length: 14 }, (_, index) => String(800 + index)),
  patterns: ["800", "80*", "*3", "8*5", "*"],
  fields: fc
    .tuple(callFlowAppCase.fields, title, fc.option(script, { freq: 4 }))
    .map(([{ scriptCode: last = null, ...rest }, name, scriptCode]) => ({
      ...rest,
      name,
      ...(last === null || scriptCode === null ? {} : { scriptCode }),
    })),
  row: fc.record({
    Name: title,
    RoutingType: fc.constantFrom("DialCode", "Forward", null),
    TranscriptionMode: fc.constantFrom("Both", "Inherit"),
    ScriptCode: fc.option(fc.constantFrom("run a", "run b\r\n", "run z"), { freq: 4 }),
    Groups: fc.constantFrom([], [{ GroupId: 1, Name: "DEFAULT", Rights: { RoleName: "users" } }]),
    Trunk: fc.constantFrom(null, { Id: DEPARTMENTS.length + 1, Number: "10001" }),
  }),
  desire: (key, fields, secret, more) => desireApp(key, taint(fields, secret), more),
};

const widgets: Nature = {
  kind: widgetCase.kind,
  keys: Array.from({ length: 14 }, (_, index) => `w${index + 10}`),
  patterns: ["w10", "w1*", "*3", "w*5", "*"],
  fields: fc
    .tuple(widgetCase.fields, title, fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { maxLength: 2 }))
    .map(([fields, name, parts]) => ({ ...fields, title: name, parts })),
  row: fc.record({
    Title: title,
    Size: fc.option(fc.integer()),
    Notes: fc.option(fc.constantFrom("a", "b\r\n")),
    Tags: fc.subarray(["red", "round", "new"]),
  }),
  desire(key, { parts, ...fields }, secret, more) {
    // Made of widgets before it only, so that nothing goes round in a circle.
    const earlier = (Array.isArray(parts) ? parts : []).flatMap((step: unknown) => {
      const code = widgets.keys[widgets.keys.indexOf(key) - 1 - Number(step)];
      return code === undefined ? [] : [{ code }];
    });
    return makeDesired(widgets.kind, key, taint({ ...fields, parts: earlier }, secret), more);
  },
};

/** Worlds of either kind: what holds in both is not there for the sake of one of them. */
export const worldsByKind: Readonly<Record<string, fc.Arbitrary<EngineWorld>>> = {
  CallFlowApp: worldOf(apps),
  Widget: worldOf(widgets),
};

function worldOf(nature: Nature): fc.Arbitrary<EngineWorld> {
  const { kind, keys } = nature;
  const names = kind.fields.map(({ name }) => name);
  const manifest = fc.record({
    fields: nature.fields,
    secret: fc.subarray(names, { maxLength: 2 }),
    protect: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 9),
    ignore: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      fc.subarray(names, { maxLength: 1 }),
    ),
  });
  const member = fc.record({
    key: fc.constantFrom(...keys),
    base: fc.option(manifest, { freq: 2 }),
    head: fc.oneof(fc.constant("as-base" as const), fc.constant("gone" as const), manifest),
    row: fc.option(nature.row, { freq: 2 }),
    edit: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      fc.constantFrom("rename" as const, "rewrite" as const, "remove" as const),
    ),
  });
  const fault = fc.record({
    type: fc.constantFrom("lost" as const, "refused" as const, "stop" as const, "kill" as const),
    at: fc.integer({ min: 1, max: 12 }),
    effective: fc.boolean(),
  });
  const few = fc.subarray([...keys], { maxLength: 3 });
  const rare = fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, few);
  const policy = fc.record({
    prune: fc.constantFrom("never" as const, "removed" as const, "all" as const),
    maxDeletes: fc.constantFrom(0, 2, 20, 20, 20),
    maxChangePercent: fc.constantFrom(undefined, undefined, undefined, 30, 100),
    protect: fc.oneof(
      { weight: 6, arbitrary: fc.constant<string[]>([]) },
      fc.subarray([...nature.patterns], { maxLength: 2 }),
    ),
    unprotect: rare,
    allowUnhealthy: fc.constantFrom(keys, keys, []),
    left: rare,
    losesOldScript: fc.boolean(),
    keepFailed: fc.boolean(),
    concurrency: fc.integer({ min: 1, max: 6 }),
    deployed: fc.boolean(),
    based: fc.boolean(),
  });
  const membersOf = (least: number) =>
    fc.uniqueArray(member, {
      selector: ({ key }) => key,
      minLength: least,
      maxLength: keys.length,
      size: "max",
    });
  // Shares are judged from ten live ones on.
  const members = fc.oneof(membersOf(0), membersOf(keys.length));
  type Manifest = typeof manifest extends fc.Arbitrary<infer T> ? T : never;
  const write = (key: string, given: Manifest): DesiredResource =>
    nature.desire(key, given.fields, given.secret, {
      lifecycle: { protect: given.protect, ignore: given.ignore },
    });
  return fc
    .tuple(members, policy, fc.oneof(fc.constant([]), fc.array(fault, { maxLength: 3 })))
    .map(([all, { based, ...rest }, faults]) => ({
      ...rest,
      kind,
      faults,
      base: based
        ? all.flatMap(({ key, base }) => (base === null ? [] : [write(key, base)]))
        : undefined,
      head: all.flatMap(({ key, base, head }) => {
        const given = head === "as-base" ? base : head;
        return given === null || given === "gone" ? [] : [write(key, given)];
      }),
      rows: all.flatMap(({ key, row }) =>
        row === null ? [] : [{ [kind.keyProperty]: key, ...row }],
      ),
      edits: all.flatMap(({ key, edit }) => (edit === undefined ? [] : [{ key, deed: edit }])),
    }));
}
