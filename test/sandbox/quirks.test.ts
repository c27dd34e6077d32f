import { expect, test } from "vitest";
import { CHAPTERS } from "../../src/sandbox/behaviours/table.ts";
import { chooseQuirks, NEWEST } from "../../src/sandbox/quirks.ts";

const behaviours = CHAPTERS.flatMap((chapter) => chapter.behaviours);

test("every switch belongs to exactly one behaviour", () => {
  const switches = behaviours.flatMap((behaviour) => behaviour.switches ?? []);
  expect(switches.toSorted()).toEqual(Object.keys(NEWEST).toSorted());
});

test("behaviours have names of their own, a sentence and evidence", () => {
  const names = behaviours.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, does, evidence } of behaviours) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/u);
    expect(does).toMatch(/\.$/u);
    expect(evidence).toMatch(/[^.]$/u);
  }
});

test("what nobody observed can be switched, or is the only reading there is", () => {
  const fixed = behaviours.filter(({ mark, switches }) => mark === "I" && switches === undefined);
  expect(fixed.map(({ name }) => name)).toEqual([
    "set-names-any-case",
    "not-simulated",
    "rights-beside-role",
    "fresh-user",
  ]);
});

test.each([
  ["20.0.7.1", { tokenUnit: "minutes", alphanumericNames: true, alternateKeys: false }],
  ["20.0.8.1109", { tokenUnit: "minutes", alphanumericNames: true, alternateKeys: true }],
  ["20.0.9.995", { tokenUnit: "seconds", alphanumericNames: false, alternateKeys: true }],
  ["20.0.10.1621", { tokenUnit: "seconds", alphanumericNames: false, alternateKeys: true }],
  ["21", { tokenUnit: "seconds", alphanumericNames: false, alternateKeys: true }],
] as const)("version %s behaves as it did", (version, expected) => {
  expect(chooseQuirks(version)).toMatchObject(expected);
});

test("an override wins over what the version says", () => {
  const chosen = chooseQuirks("20.0.7", { alternateKeys: true, defaultPageSize: 5 });
  expect(chosen).toMatchObject({ alternateKeys: true, defaultPageSize: 5, tokenUnit: "minutes" });
});
