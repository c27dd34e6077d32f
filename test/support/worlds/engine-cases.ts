import * as fc from "fast-check";
import type { Json, JsonObject } from "../../../src/domain/json.ts";
import type { Entity } from "../../../src/domain/ports.ts";
import type { DesiredResource } from "../../../src/domain/resource.ts";
import { callFlowAppCase, scriptText, taint, widgetCase, type Fields } from "./arbitraries.ts";
import { desireApp, desireWidget } from "../pbx/bench.ts";
import type { MemoryOptions } from "../pbx/memory.ts";

/** Manifests, and the PBX they meet. */
export interface World {
  readonly desired: readonly DesiredResource[];
  readonly live: Omit<MemoryOptions, "clock">;
}

const DEPARTMENTS = ["DEFAULT", "Support", "Sales", "Büro"];
const TRUNKS = ["10001", "10002"];
/** Each may be made of those before it. */
const CODES = ["bolt", "nut", "rod", "wheel", "car"];

const appName = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);

const liveApp = fc.record({
  Name: appName,
  RoutingType: fc.constantFrom("DialCode", "Forward", "Trunk"),
  TranscriptionMode: fc.constantFrom("Nothing", "Both", "Inherit"),
  ScriptCode: fc.option(scriptText.map((text) => text.replaceAll(/\r\n|\r|\n/g, "\r\n"))),
  Groups: fc
    .subarray(DEPARTMENTS)
    .chain((names) =>
      fc
        .constantFrom("users", "managers")
        .map((role) => names.map((name) => bindGroup(name, role))),
    ),
  Trunk: fc.option(fc.constantFrom(...TRUNKS).map(bindTrunk)),
});

/** Departments and trunks are the first rows of a PBX, so their ids are known. */
function bindGroup(name: string, role: string): Json {
  return { GroupId: DEPARTMENTS.indexOf(name) + 1, Name: name, Rights: { RoleName: role } };
}

function bindTrunk(number: string): Json {
  return { Id: DEPARTMENTS.length + TRUNKS.indexOf(number) + 1, Number: number };
}

const liveWidget = fc.record({
  Title: appName,
  Size: fc.option(fc.integer()),
  Notes: fc.option(scriptText),
  Tags: fc.subarray(["red", "round", "new"]),
});

function memberOf<K>(
  key: fc.Arbitrary<K>,
  fields: fc.Arbitrary<Fields>,
  live: fc.Arbitrary<Entity>,
  names: readonly string[],
) {
  return fc.record({
    key,
    fields: fc.option(fields, { freq: 3 }),
    secret: fc.subarray([...names]),
    ignore: fc.subarray([...names], { maxLength: 1 }),
    live: fc.option(live, { freq: 2 }),
  });
}

const appMember = memberOf(
  fc.integer({ min: 800, max: 830 }).map(String),
  callFlowAppCase.fields,
  liveApp,
  ["name", "scriptCode", "groups", "trunk"],
);
const widgetMember = memberOf(fc.constantFrom(...CODES), widgetCase.fields, liveWidget, [
  "title",
  "notes",
]);

/** Some apps and widgets, each in Git, on the PBX, or both; what widgets need goes round in no circle. */
export const world: fc.Arbitrary<World> = fc
  .record({
    apps: fc.uniqueArray(appMember, { selector: ({ key }) => key, maxLength: 8 }),
    widgets: fc.uniqueArray(widgetMember, { selector: ({ key }) => key, maxLength: 5 }),
  })
  .map(({ apps, widgets }) => ({
    desired: [
      ...apps.flatMap(({ key, fields, secret, ignore }) =>
        fields === null ? [] : [desireApp(key, taint(fields, secret), lifecycleOf(ignore))],
      ),
      ...widgets.flatMap(({ key, fields, secret }) =>
        fields === null
          ? []
          : [desireWidget(key, partsOf(key, fields), taint(withoutParts(fields), secret))],
      ),
    ],
    live: {
      departments: DEPARTMENTS,
      trunks: TRUNKS,
      latency: 5,
      apps: apps.flatMap(({ key, live }) => (live === null ? [] : [{ Number: key, ...live }])),
      widgets: widgets.flatMap(({ key, live }) => (live === null ? [] : [{ Code: key, ...live }])),
    },
  }));

function lifecycleOf(ignore: readonly string[]): Partial<DesiredResource> {
  return { lifecycle: { protect: false, ignore } };
}

function partsOf(code: string, { parts }: Fields): string[] {
  const earlier = CODES.slice(0, CODES.indexOf(code));
  const named = new Set(
    (Array.isArray(parts) ? parts : []).map((part: JsonObject) => part["code"]),
  );
  return earlier.filter((name) => named.has(name));
}

function withoutParts(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== "parts"));
}
