import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";

import type { Json } from "../../../src/domain/json.ts";
import { reveal } from "../../../src/domain/secret.ts";
import { briefly, loadFiles } from "../../support/project/manifest-project.ts";

const numbers = fc.stringMatching(/^#?[0-9A-Za-z*]{1,19}$/);
const words = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() !== "" && !text.includes("${"));
const scripts = fc
  .array(fc.constantFrom("class A {}", "  int b;", "", "\t// c", 'string d = "é";', "# e: f"), {
    maxLength: 6,
  })
  .map((lines) => ["using X;", ...lines, ""].join("\n"));

/** Everything a manifest may say, with every part left out now and then. */
const apps = fc.record(
  {
    spec: fc.record(
      {
        name: words,
        routingType: fc.constantFrom("DialCode", "Forward", "Trunk", null),
        transcriptionMode: fc.constantFrom(
          "Nothing",
          "Voicemail",
          "Recordings",
          "Both",
          "Inherit",
          null,
        ),
        scriptCode: scripts,
        groups: fc.option(
          fc.uniqueArray(
            fc.record(
              { name: words, role: fc.constantFrom("users", "managers", "system_owners") },
              { requiredKeys: ["name"] },
            ),
            { selector: ({ name }) => name, maxLength: 4 },
          ),
        ),
        trunk: fc.option(fc.record({ number: words })),
      },
      { requiredKeys: ["name"] },
    ),
    labels: fc
      .dictionary(
        fc.stringMatching(/^[a-z]{1,8}$/),
        fc.string({ maxLength: 8 }).filter((text) => !text.includes("${")),
        {
          maxKeys: 3,
          noNullPrototype: true,
        },
      )
      .filter((labels) => !Object.hasOwn(labels, "constructor")),
    lifecycle: fc.record(
      { protect: fc.boolean(), ignore: fc.uniqueArray(fc.constantFrom("name", "trunk", "groups")) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["spec"] },
);

type App = typeof apps extends fc.Arbitrary<infer T> ? T : never;

function writeApp(number: string, { spec, labels, lifecycle }: App): Json {
  return {
    apiVersion: "callform/v1",
    kind: "CallFlowApp",
    metadata: { number, ...(labels !== undefined && { labels }) },
    spec,
    ...(lifecycle !== undefined && { lifecycle }),
  };
}

const projects = fc.uniqueArray(fc.tuple(numbers, apps), {
  selector: ([number]) => number,
  minLength: 1,
  maxLength: 5,
});

const styles = fc.record({
  defaultStringType: fc.constantFrom("QUOTE_DOUBLE", "QUOTE_SINGLE", "PLAIN"),
  collectionStyle: fc.constantFrom("any", "block", "flow"),
  indent: fc.constantFrom(2, 4),
}) as fc.Arbitrary<NonNullable<Parameters<typeof stringify>[2]> & object>;

describe("every manifest that can be written", () => {
  test("is read as it was written, in whatever style, one to a file or all in one", async () => {
    const law = async (
      project: readonly (readonly [string, App])[],
      style: object,
      together: boolean,
    ): Promise<void> => {
      const texts = project.map(([number, app]) =>
        stringify(writeApp(number, app), { aliasDuplicateObjects: false, ...style }),
      );
      const files = together
        ? { "all.yaml": texts.map((text) => `---\n${text}`).join("") }
        : Object.fromEntries(texts.map((text, index) => [`${index}.yaml`, text]));
      const { resources, problems } = await loadFiles(files);
      expect(problems).toEqual([]);
      expect(resources.map(({ key }) => key)).toEqual(project.map(([number]) => number));
      for (const [index, [, app]] of project.entries()) {
        const resource = resources[index];
        expect(resource?.fields).toEqual(app.spec);
        expect(resource?.labels).toEqual(app.labels ?? {});
        expect(resource?.lifecycle).toEqual({ protect: false, ignore: [], ...app.lifecycle });
        const places = Object.keys(resource?.fieldSpans ?? {}).filter(
          (place) => !place.includes("/"),
        );
        expect(places.toSorted()).toEqual(Object.keys(app.spec).toSorted());
      }
    };
    await fc.assert(fc.asyncProperty(projects, styles, fc.boolean(), law), { numRuns: 100 });
  });

  test("is read the same whatever the order of its keys", async () => {
    const law = async ([number, app]: readonly [string, App]): Promise<void> => {
      const read = async (document: Json) => {
        const { resources, problems } = await loadFiles({ "a.yaml": stringify(document) });
        expect(problems).toEqual([]);
        return resources[0]?.fields;
      };
      const document = writeApp(number, app);
      expect(await read(reverseKeys(document))).toEqual(await read(document));
    };
    await fc.assert(fc.asyncProperty(fc.tuple(numbers, apps), law), { numRuns: 60 });
  });

  test("has the value of a secret in every text that names it, and nowhere in the clear", async () => {
    const law = async (before: string, after: string, pin: string): Promise<void> => {
      const name = `${before}\${secret:PIN}${after}`;
      const document = writeApp("1", { spec: { name: "x", groups: [{ name }], scriptCode: name } });
      const { resources, problems } = await loadFiles(
        { "a.yaml": stringify(document) },
        { secrets: { PIN: pin } },
      );
      expect(problems).toEqual([]);
      const { groups = null, scriptCode = null } = resources[0]?.fields ?? {};
      expect(reveal(groups)).toEqual([{ name: before + pin + after }]);
      expect(reveal(scriptCode)).toBe(before + pin + after);
      expect(JSON.stringify(resources)).not.toContain(JSON.stringify(pin).slice(1, -1));
    };
    const plain = fc.stringMatching(/^[a-z ]{1,9}$/).filter((text) => text.trim() === text);
    const pins = fc.stringMatching(/^[A-Z0-9$^%&]{12,20}$/);
    await fc.assert(fc.asyncProperty(plain, plain, pins, law), { numRuns: 60 });
  });
});

function reverseKeys(value: Json): Json {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, child]) => [key, reverseKeys(child)]),
  );
}

/** Mistakes that can be planted in a sound manifest: the lines that spec gets, and where the problem is. */
const MISTAKES = [
  { lines: ["colour: red"], place: [0, 3, "unknown-key"] },
  { lines: ["routingType: Forwrad"], place: [0, 16, "invalid-value"] },
  { lines: ["transcriptionMode: 5"], place: [0, 22, "invalid-type"] },
  { lines: ["IsRegistered: true"], place: [0, 3, "status-property"] },
  { lines: ["groups:", "  - role: users"], place: [1, 7, "missing-key"] },
  { lines: ["groups: [{ name: A }, { name: A }]"], place: [0, 25, "invalid-value"] },
  { lines: ["name: again"], place: [0, 3, "duplicate-key"] },
  { lines: ["scriptFile: gone.cs"], place: [0, 15, "script-missing-file"] },
  { lines: ["scriptFile: ../../../x.cs"], place: [0, 15, "path-escape"] },
  { lines: ["scriptCode: x", "scriptFile: y.cs"], place: [1, 3, "script-both"] },
  {
    lines: ["scriptCode: |", "  class A {", "    ${var:NOPE}"],
    place: [2, 7, "unresolved-reference"],
  },
  { lines: ["trunk: { number: '${env:X}' }"], place: [0, 21, "misplaced-reference"] },
  { lines: ["trunk: { number: '${vars:X}' }"], place: [0, 21, "unknown-reference-scheme"] },
  { lines: ["trunk: { constructor: 1, number: '1' }"], place: [0, 12, "forbidden-key"] },
  { lines: ["trunk: !custom { number: '1' }"], place: [0, 10, "yaml-tag"] },
  { lines: [], place: undefined },
] as const;

test("mistakes planted anywhere in a project are all told, each at its place, and nothing else is", async () => {
  const plan = fc.array(fc.array(fc.constantFrom(...MISTAKES), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 4,
  });
  let key = 100;
  const law = async (files: readonly (readonly (typeof MISTAKES)[number][])[]): Promise<void> => {
    const expected: string[] = [];
    const contents = files.map((documents, index) => {
      const lines: string[] = [];
      for (const { lines: planted, place } of documents) {
        key += 1;
        lines.push(
          "---",
          "apiVersion: callform/v1",
          "kind: CallFlowApp",
          `metadata: { number: "${key}" }`,
          "spec:",
          "  name: x",
        );
        if (place !== undefined) {
          const [line, column, code] = place;
          expected.push(`${index}.yaml:${lines.length + 1 + line}:${column} ${code}`);
        }
        lines.push(...planted.map((line) => `  ${line}`));
      }
      return [`${index}.yaml`, lines.join("\n")] as const;
    });
    const { problems } = await loadFiles(Object.fromEntries(contents));
    expect(briefly(problems)).toEqual(expected);
  };
  await fc.assert(fc.asyncProperty(plan, law), { numRuns: 150 });
});
