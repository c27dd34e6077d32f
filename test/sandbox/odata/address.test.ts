import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readAddress } from "../../../src/sandbox/odata/address.ts";

test.each([
  ["Groups", { set: "Groups" }],
  ["Groups(42)", { set: "Groups", key: { value: 42 } }],
  ["Groups(-1)", { set: "Groups", key: { value: -1 } }],
  ["Queues(Number='800')", { set: "Queues", key: { name: "Number", value: "800" } }],
  ["Queues(Number=%27800%27)", { set: "Queues", key: { name: "Number", value: "800" } }],
  ["Groups(1)/Members", { key: { value: 1 }, tail: { name: "Members", args: undefined } }],
  ["Apps(1)/Pbx.GetFiles()", { tail: { name: "Pbx.GetFiles", args: {} } }],
  [
    "Trunks/Pbx.InitTrunk(template='1cx.pv.xml')",
    { set: "Trunks", key: undefined, tail: { args: { template: "1cx.pv.xml" } } },
  ],
  ["S/Pbx.F(a=1,b='x,y',c=true)", { tail: { args: { a: 1, b: "x,y", c: true } } }],
])("%s is read", (path, expected) => {
  expect(readAddress(path)).toMatchObject(expected);
});

test.each([
  "",
  "Groups()",
  "Groups(x)",
  "Groups(true)",
  "Groups(1",
  "Groups(1)x",
  "Groups(1)/Members/2",
  "Groups/",
  "S/Pbx.F(1)",
  "S/Pbx.F(a=)",
  "S/Pbx.F(a=b)",
  "<script>",
])("%s addresses nothing", (path) => {
  expect(() => readAddress(path)).toThrow("not found");
});

test("a path that is not well encoded is refused", () => {
  expect(() => readAddress("Groups(%zz)")).toThrow("not valid");
});

test("any text survives as a key, however it has to be quoted and encoded", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const quoted = encodeURIComponent(`'${text.replaceAll("'", "''")}'`);
      expect(readAddress(`Queues(Number=${quoted})`).key).toEqual({ name: "Number", value: text });
    }),
  );
});
