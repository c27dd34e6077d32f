import * as fc from "fast-check";
import jsonPatch, { type Operation } from "fast-json-patch";
import { stringify } from "yaml";

import type { Json, JsonObject } from "../../../src/domain/json.ts";
import type { DesiredResource } from "../../../src/domain/resource.ts";
import { reveal } from "../../../src/domain/secret.ts";
import { kinds } from "../../../src/kinds/index.ts";
import { loadManifests, type LoadRequest, type LoadResult } from "../../../src/manifest/load.ts";
import type { Files } from "../project/manifest-project.ts";
import { hostileText } from "./arbitraries.ts";

/** What `spec`, `lifecycle` and `metadata.labels` of one app may say. */
export interface App {
  readonly spec: JsonObject;
  readonly labels?: JsonObject | undefined;
  readonly lifecycle?: JsonObject | undefined;
}

/** An entry of an overlay, as it is written. */
export type Patch = JsonObject;

/** Apps by number, and what an overlay says about each of them, in order. */
export interface World {
  readonly apps: ReadonlyMap<string, App>;
  readonly patches: ReadonlyMap<string, readonly Patch[]>;
}

export const VARIABLES = { HOTLINE: "100", ODD: "${secret:PIN} $${x} #", DOLLAR: "$" };
export const SECRETS = { PIN: "4711-secret-pin" };

/** Text as people and enemies write it, with references of every kind and what only looks like one. */
const texts: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "${var:HOTLINE}",
        "${var:ODD}",
        "${var:DOLLAR}",
        "${secret:PIN}",
        "$${secret:PIN}",
        "$${var:HOTLINE}",
        "$",
        "{secret:PIN}",
        "no",
        "1e3",
        ": ",
        " #",
        "é\u{1F600}",
      ),
      fc.stringMatching(/^[a-z ]{1,6}$/),
      hostileText.map((text) => text.replaceAll("{", "")),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(""));

const names = texts
  .map((text) => `n${text.replaceAll(/[\r\n\t\0\uFEFF]/g, "")}`.slice(0, 60))
  .filter(isClean);

/** Cut or joined at random, text may hold what is no reference and yet too much like one. */
function isClean(text: string): boolean {
  const rest = text.replaceAll(/\$?\$\{(var:(HOTLINE|ODD|DOLLAR)|secret:PIN)\}/g, "");
  return !/\$\{/.test(rest) && !/\p{Cs}/u.test(text);
}

const scripts = fc
  .array(fc.oneof(texts.filter(isClean), fc.constantFrom("class A {}", "", "  int b;")), {
    maxLength: 4,
  })
  .map((lines) => ["using X;", ...lines, ""].join("\n").replaceAll(/[\0\r\uFEFF]/g, ""));

const departments = fc.uniqueArray(
  fc.record(
    { name: names, role: fc.constantFrom("users", "managers") },
    { requiredKeys: ["name"] },
  ),
  // Variables may make two names the same.
  { selector: ({ name }) => name.replaceAll(/\$\{[^}]*\}|\$/g, ""), maxLength: 3 },
);

const specs = fc.record(
  {
    name: names,
    routingType: fc.constantFrom("DialCode", "Forward", "Trunk", null),
    transcriptionMode: fc.constantFrom("Both", "Inherit", null),
    scriptCode: scripts,
    groups: fc.option(departments),
    trunk: fc.option(fc.record({ number: names })),
  },
  { requiredKeys: ["name"] },
);

const labels = fc.dictionary(fc.constantFrom("team", "site", "x"), texts.filter(isPlain), {
  maxKeys: 3,
  noNullPrototype: true,
});

/** Fit for labels, which are shown in plans. */
function isPlain(text: string): boolean {
  return isClean(text) && !text.replaceAll("$${secret:PIN}", "").includes("secret");
}

const lifecycles = fc.record(
  { protect: fc.boolean(), ignore: fc.uniqueArray(fc.constantFrom("name", "trunk")) },
  { requiredKeys: [] },
);

const apps: fc.Arbitrary<App> = fc.record(
  { spec: specs, labels, lifecycle: lifecycles },
  { requiredKeys: ["spec"] },
);

const OPTIONAL = ["routingType", "transcriptionMode", "scriptCode", "groups", "trunk"];

/** A merge of some keys, some of them to be taken out. */
const merges = fc
  .record(
    {
      spec: fc
        .tuple(specs, fc.subarray(OPTIONAL), fc.subarray(OPTIONAL))
        .map(([spec, kept, gone]) => ({
          ...Object.fromEntries(Object.entries(spec).filter(([key]) => kept.includes(key))),
          ...Object.fromEntries(gone.map((key) => [key, null])),
        })),
      metadata: fc.record({ labels: fc.option(labels) }, { requiredKeys: [] }),
      lifecycle: fc.option(lifecycles),
    },
    { requiredKeys: [] },
  )
  .map((merge) => ({ merge }));

/** Operations that can be carried out on any app, whatever patches came before. */
const operations: fc.Arbitrary<{ patch: Operation[] }> = fc
  .array(
    fc.oneof(
      specs.chain((spec) => {
        const entries = Object.entries(spec);
        return fc
          .constantFrom(...entries)
          .map(([key, value]): Operation => ({ op: "add", path: `/spec/${key}`, value }));
      }),
      lifecycles.map((value): Operation => ({ op: "add", path: "/lifecycle", value })),
      departments.map((value): Operation => ({ op: "add", path: "/spec/groups", value })),
      names.map((value): Operation => ({ op: "replace", path: "/spec/name", value })),
      fc.constant<Operation>({ op: "copy", from: "/spec/name", path: "/spec/name" }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((patch) => ({ patch }));

const changes = fc.oneof(
  { weight: 4, arbitrary: merges },
  { weight: 3, arbitrary: operations },
  { weight: 1, arbitrary: fc.constant({ drop: true }) },
);

/** Apps under numbers of their own, each with up to three patches; nothing follows a drop. */
export const worlds: fc.Arbitrary<World> = fc
  .uniqueArray(
    fc.record({
      number: fc.stringMatching(/^[1-9][0-9]{2}$/),
      app: apps,
      // An app may be the overlay's own.
      added: fc.nat({ max: 4 }).map((n) => n === 0),
      changes: fc.array(changes, { maxLength: 3 }),
    }),
    { selector: ({ number }) => number, minLength: 1, maxLength: 4 },
  )
  .map((members) => ({
    apps: new Map(
      members.flatMap(({ number, app, added }) => (added ? [] : [[number, app] as const])),
    ),
    patches: new Map(
      members.map(({ number, app, added, changes: list }) => {
        const end = list.findIndex((change) => "drop" in change);
        const before: Patch[] = added ? [{ add: writeApp(number, app) }] : [];
        const rest = (end < 0 ? list : list.slice(0, end + 1)).map((change) => ({
          kind: "CallFlowApp",
          number,
          ...(change as unknown as Patch),
        }));
        return [number, [...before, ...rest]] as const;
      }),
    ),
  }));

export function writeApp(number: string, { spec, labels: own, lifecycle }: App): JsonObject {
  return {
    apiVersion: "callform/v1",
    kind: "CallFlowApp",
    metadata: { number, ...(own !== undefined && { labels: own }) },
    spec,
    ...(lifecycle !== undefined && { lifecycle }),
  };
}

export function writeOverlay(patches: readonly Patch[]): string {
  return toYaml({ apiVersion: "callform/v1", kind: "Overlay", patches });
}

/** The manifests of a world, a file for each. */
export function writeManifests(documents: Iterable<readonly [string, Json]>): Files {
  return Object.fromEntries(
    [...documents].map(([number, document]) => [`apps/${number}.yaml`, toYaml(document)]),
  );
}

export function appFiles({ apps: all }: World): Files {
  return writeManifests([...all].map(([number, app]) => [number, writeApp(number, app)] as const));
}

function toYaml(value: Json): string {
  return stringify(value, {
    aliasDuplicateObjects: false,
    defaultStringType: "QUOTE_DOUBLE",
    // A folded line may cut a character of two units in half.
    lineWidth: 0,
  });
}

/** What the manifests come to, worked out by other means: fast-json-patch, and a merge of plain values. */
export function workOut({ apps: all, patches }: World): Map<string, Json> {
  const documents = new Map<string, Json>();
  for (const [number, app] of all) documents.set(number, writeApp(number, app));
  for (const [number, list] of patches) {
    for (const { add, drop, merge, patch } of list) {
      const before = documents.get(number) ?? null;
      if (add !== undefined) documents.set(number, add);
      else if (drop === true) documents.delete(number);
      else if (merge !== undefined) documents.set(number, mergeJson(before, merge));
      else documents.set(number, patchJson(before, patch as unknown as Operation[]));
    }
  }
  return documents;
}

function patchJson(document: Json, steps: readonly Operation[]): Json {
  const copy = structuredClone([...steps]);
  return jsonPatch.applyPatch(structuredClone(document) as object, copy, true)
    .newDocument as unknown as Json;
}

function mergeJson(target: Json, patch: Json): Json {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const base = target === null || typeof target !== "object" || Array.isArray(target) ? {} : target;
  const merged: Record<string, Json> = { ...(base as JsonObject) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergeJson(merged[key] ?? null, value);
  }
  return merged;
}

/** Loads a project with the real kinds, and with these overlay files, which are among its own. */
export function loadWorld(
  root: string,
  overlays: readonly string[],
  more: Partial<LoadRequest> = {},
): Promise<LoadResult> {
  const at = { file: "callform.yaml", line: 1, column: 1 };
  return loadManifests({
    root,
    patterns: ["apps/**/*.yaml"],
    kinds,
    variables: VARIABLES,
    secrets: SECRETS,
    overlays: overlays.map((name) => ({ name, at })),
    ...more,
  });
}

/** What resources say, without the places where they say it and in the order of their numbers. */
export function readContent(resources: readonly DesiredResource[]) {
  return resources
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ kind, key, fields, labels: own, lifecycle }) => ({
      kind,
      key,
      labels: own,
      lifecycle,
      fields: Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [
          name,
          { value: reveal(value), secret: typeof value === "object" && value !== reveal(value) },
        ]),
      ),
    }));
}
