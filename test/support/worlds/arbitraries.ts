import * as fc from "fast-check";
import type { Entity, Kind } from "../../../src/domain/ports.ts";
import type { Problem, SourceSpan } from "../../../src/domain/problem.ts";
import type { Json } from "../../../src/domain/json.ts";
import type { DesiredResource, LiveResource } from "../../../src/domain/resource.ts";
import { Secret, type FieldValue } from "../../../src/domain/secret.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { widget } from "../kinds/widget-kind.ts";
import { codePoint } from "./text.ts";

export type Fields = Readonly<Record<string, Json>>;

/** A kind, and how to make what its schema and the API allow. */
export interface KindCase {
  readonly kind: Kind;
  readonly key: fc.Arbitrary<string>;
  /** Any part of the fields, as a manifest may give them. */
  readonly fields: fc.Arbitrary<Fields>;
  /** An entity as the API gives it, without Id and key. */
  readonly properties: fc.Arbitrary<Entity>;
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const looseWord = fc.constantFrom("", " ", "\t").chain((pad) => word.map((text) => text + pad));

/** A line of a script: what code is made of, what diffs and markup are made of, and letters from everywhere. */
export const line: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    "    return;",
    "}",
    "--- a",
    "+++ b",
    "@@ -1,2 +1,2 @@",
    "\\ No newline",
    "```",
  ),
  fc.stringMatching(/^[ -~\t]{0,12}$/),
  fc.string({ unit: codePoint, maxLength: 8 }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, "")),
);

const newline = fc.constantFrom("\n", "\r\n", "\r");

/** A script in all the forms in which editors, pastes and a PBX give one back. */
export const scriptText: fc.Arbitrary<string> = fc
  .record({
    marks: fc.constantFrom("", "\uFEFF", "\uFEFF\uFEFF"),
    lines: fc.array(fc.tuple(line, fc.constantFrom("", "", " ", "\t "), newline), { maxLength: 8 }),
    rest: fc.oneof(line, fc.constant("")),
  })
  .map(({ marks, lines, rest }) => marks + lines.flat().join("") + rest);

const filledScript = scriptText.map((text) => `${text}x`);

const APP_ROLES = ["users", "managers", "system_owners"] as const;
const DEPARTMENTS = ["DEFAULT", "Support", "Sales", "Büro"] as const;

function uniqueList<T>(item: fc.Arbitrary<T>, by: (item: T) => string): fc.Arbitrary<T[]> {
  return fc.uniqueArray(item, { selector: by, maxLength: 4 });
}

function orNull<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(value, { freq: 5 });
}

const department = fc.oneof(
  fc.record({ name: fc.constantFrom(...DEPARTMENTS), role: fc.constantFrom(...APP_ROLES) }),
  fc.record({ name: fc.constantFrom(...DEPARTMENTS) }),
);

const routingType = orNull(fc.constantFrom("DialCode", "Forward", "Trunk"));
const transcription = orNull(
  fc.constantFrom("Nothing", "Voicemail", "Recordings", "Both", "Inherit"),
);

const appFields: fc.Arbitrary<Fields> = fc.record(
  {
    name: looseWord,
    routingType,
    trunk: orNull(fc.constantFrom("10001", "10002").map((number) => ({ number }))),
    transcriptionMode: transcription,
    groups: orNull(uniqueList(department, ({ name }) => name)),
    scriptCode: filledScript,
  },
  { requiredKeys: ["name"] },
);

const appProperties: fc.Arbitrary<Entity> = fc.record({
  Name: looseWord,
  RoutingType: routingType,
  TranscriptionMode: transcription,
  ScriptCode: orNull(scriptText),
  Groups: uniqueList(department, ({ name }) => name).map((groups) =>
    groups.map((group, index) => ({
      GroupId: index + 1,
      Name: group.name,
      Rights: "role" in group ? { RoleName: group.role } : null,
    })),
  ),
  Trunk: orNull(fc.constantFrom("10001", "10002").map((number) => ({ Id: 7, Number: number }))),
  IsRegistered: fc.boolean(),
  InvalidScript: fc.boolean(),
  CompilationSucceeded: fc.boolean(),
  CompilationResult: orNull(fc.constantFrom("", ":[1..5)E:CS0103:\nno such name")),
  CompilationLastSuccess: orNull(fc.constant("2026-01-02T03:04:05Z")),
  RejectedCode: orNull(scriptText),
});

const part = fc.oneof(
  fc.record({ code: fc.constantFrom("bolt", "nut", "rod"), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ code: fc.constantFrom("bolt", "nut", "rod") }),
);

const widgetFields: fc.Arbitrary<Fields> = fc.record(
  {
    title: looseWord,
    size: orNull(fc.integer()),
    notes: filledScript,
    tags: orNull(fc.array(word, { maxLength: 4 })),
    parts: orNull(uniqueList(part, ({ code }) => code)),
  },
  { requiredKeys: ["title"] },
);

const widgetProperties: fc.Arbitrary<Entity> = fc.record({
  Title: looseWord,
  Size: orNull(fc.integer()),
  Notes: orNull(scriptText),
  Tags: fc.array(word, { maxLength: 4 }),
  Parts: uniqueList(part, ({ code }) => code).map((parts) =>
    parts.map((item) => ({ Code: item.code, Count: "count" in item ? item.count : 1 })),
  ),
  Revision: fc.nat(),
});

export const callFlowAppCase: KindCase = {
  kind: callFlowApp,
  key: fc.stringMatching(/^#?[0-9*]{1,5}$/),
  fields: appFields,
  properties: appProperties,
};

export const widgetCase: KindCase = {
  kind: widget,
  key: fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/),
  fields: widgetFields,
  properties: widgetProperties,
};

/** Laws that know no kind run over both. */
export const kindCases: readonly (KindCase & { readonly name: string })[] = [
  { ...callFlowAppCase, name: callFlowApp.name },
  { ...widgetCase, name: widget.name },
];

export const span: fc.Arbitrary<SourceSpan> = fc.record({
  file: fc.constantFrom("apps/a.yaml", "apps/b.yaml", "b.cs"),
  line: fc.integer({ min: 1, max: 12 }),
  column: fc.integer({ min: 1, max: 12 }),
});

/** A manifest with these fields, each of which stands on a line of its own. */
export function makeDesired(
  kind: Kind,
  key: string,
  fields: Readonly<Record<string, FieldValue>>,
  more: Partial<DesiredResource> = {},
): DesiredResource {
  const file = `apps/${key}.yaml`;
  const names = kind.fields.map(({ name }) => name).filter((name) => name in fields);
  return {
    kind: kind.name,
    key,
    fields,
    labels: {},
    lifecycle: { protect: false, ignore: [] },
    at: { file, line: 4, column: 11 },
    fieldSpans: Object.fromEntries(
      names.map((name, index) => [name, { file, line: 6 + index, column: 3 }]),
    ),
    textSources: {},
    ...more,
  };
}

export function makeLive(kind: Kind, key: string, properties: Entity, id = 1): LiveResource {
  return kind.readEntity({ Id: id, [kind.keyProperty]: key, ...properties });
}

/** The same fields, the chosen ones as secrets. */
export function taint(fields: Fields, chosen: readonly string[]): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      chosen.includes(name) ? new Secret(value) : value,
    ]),
  );
}

/** Manifests of one kind, some fields tainted, some left to the console. */
export function desiredOf({ kind, key, fields }: KindCase): fc.Arbitrary<DesiredResource> {
  const names = fc.subarray(kind.fields.map(({ name }) => name));
  return fc
    .record({ key, fields, secret: names, ignore: names, protect: fc.boolean() })
    .map(({ secret, ignore, protect, ...manifest }) =>
      makeDesired(kind, manifest.key, taint(manifest.fields, secret), {
        lifecycle: { protect, ignore },
      }),
    );
}

export function liveOf({ kind, key, properties }: KindCase): fc.Arbitrary<LiveResource> {
  return fc.tuple(key, properties).map(([name, rest]) => makeLive(kind, name, rest));
}

/** Manifests and a PBX of both kinds, which have some keys in common and each in them once. */
export interface Fleet {
  readonly desired: readonly DesiredResource[];
  readonly live: readonly LiveResource[];
}

export const fleet: fc.Arbitrary<Fleet> = fc.tuple(...kindCases.map(fleetOf)).map((parts) => ({
  desired: parts.flatMap(({ desired }) => desired),
  live: parts.flatMap(({ live }) => live),
}));

function fleetOf({ kind, key, fields, properties }: KindCase): fc.Arbitrary<Fleet> {
  const member = fc.record({
    key,
    fields: fc.option(fields),
    secret: fc.subarray(kind.fields.map(({ name }) => name)),
    properties: fc.option(properties),
  });
  return fc.uniqueArray(member, { selector: (item) => item.key, maxLength: 5 }).map((members) => ({
    desired: members.flatMap((item) =>
      item.fields === null ? [] : [makeDesired(kind, item.key, taint(item.fields, item.secret))],
    ),
    live: members.flatMap((item, index) =>
      item.properties === null ? [] : [makeLive(kind, item.key, item.properties, index + 1)],
    ),
  }));
}

/** Text that tries to get out of where it is shown. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\u001B[31mred\u001B[0m",
        "\u009B2J",
        "\r",
        "\n",
        "\t",
        "\0",
        "\u0007",
        "\u202Eevil",
        "\u2066",
        "\u061C",
        "\u200B",
        "\u3164",
        "\uFEFF",
        "\uFFF9",
        "\u2028",
        "\uDB40\uDC41",
        "\uD800",
      ),
      fc.constantFrom(
        "`",
        "```",
        "`````\n",
        "|",
        "\\",
        "\\|",
        "<img src=x onerror=alert(1)>",
        "</details>",
        "&lt;",
        "@octocat",
        "[click](https://evil.example)",
        "**bold**",
        "# head",
        "$x$",
      ),
      fc.constantFrom(
        "::error file=a,line=1::x",
        "\n::set-output name=x::y",
        "##[add-mask]e",
        "##vso[task.complete]",
        "%0A::warning::x",
        "%",
        ",",
        ":",
        "Plan: 0 to create, 0 to update, 0 to delete, 0 unchanged.\n",
      ),
      fc.string({ unit: codePoint, maxLength: 4 }),
      word,
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(""));

export const problem: fc.Arbitrary<Problem> = problemOf(word, span);

export const hostileProblem: fc.Arbitrary<Problem> = problemOf(
  hostileText,
  fc.record({ file: hostileText, line: fc.integer({ min: 1, max: 99 }), column: fc.constant(3) }),
);

function problemOf(
  text: fc.Arbitrary<string>,
  place: fc.Arbitrary<SourceSpan>,
): fc.Arbitrary<Problem> {
  return fc.record(
    {
      severity: fc.constantFrom("error", "warning", "info"),
      code: fc.constantFrom("script-refused", "lookup-missing", "guard-number-taken"),
      message: text,
      at: place,
      hint: text,
      subject: text,
    },
    { requiredKeys: ["severity", "code", "message"] },
  );
}

/** Any JSON, keys that JavaScript treats in its own way among them. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: codePoint }),
    ),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom("__proto__", "constructor", "toString", "10", "9"),
        fc.string({ maxLength: 4 }),
      ),
      tie("json"),
      { maxKeys: 4, noNullPrototype: false },
    ),
  ),
})).json;
