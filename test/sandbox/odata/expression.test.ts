import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseFilter } from "../../../src/sandbox/odata/expression.ts";
import type { Expression } from "../../../src/sandbox/odata/expression.ts";
import { splitOutside } from "../../../src/sandbox/odata/lexer.ts";

const literal = fc.oneof(
  fc.string().map((value): Expression => ({ is: "literal", type: "string", value })),
  fc.integer().map((value): Expression => ({ is: "literal", type: "number", value })),
  fc.boolean().map((value): Expression => ({ is: "literal", type: "bool", value })),
  fc.constant<Expression>({ is: "literal", type: "null", value: null }),
);
const path = fc
  .array(fc.constantFrom("Number", "Name", "Trunk", "Id"), { minLength: 1, maxLength: 2 })
  .map((names): Expression => ({ is: "path", names }));

const { condition } = fc.letrec<{ condition: Expression; operand: Expression }>((tie) => ({
  operand: fc.oneof(
    { depthSize: "small" },
    literal,
    path,
    fc
      .tuple(
        fc.constantFrom("tolower", "startsWith", "contains"),
        fc.array(tie("operand"), { maxLength: 2 }),
      )
      .map(([name, of]): Expression => ({ is: "call", name, of })),
  ),
  condition: fc.oneof(
    { depthSize: "small" },
    fc
      .tuple(fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le"), tie("operand"), tie("operand"))
      .map(([by, left, right]): Expression => ({ is: "compare", by, left, right })),
    fc
      .tuple(path, fc.array(literal, { minLength: 1, maxLength: 3 }))
      .map(([left, among]): Expression => ({
        is: "in",
        left,
        among: among.filter((one) => one.is === "literal"),
      })),
    tie("condition").map((of): Expression => ({ is: "not", of })),
    fc
      .tuple(fc.constantFrom("and", "or"), tie("condition"), tie("condition"))
      .map(([is, left, right]): Expression => ({ is, left, right })),
  ),
}));

/** Writes an expression with every parenthesis there could be. */
function write(expression: Expression): string {
  switch (expression.is) {
    case "literal":
      return typeof expression.value === "string"
        ? `'${expression.value.replaceAll("'", "''")}'`
        : JSON.stringify(expression.value);
    case "path":
      return expression.names.join("/");
    case "not":
      return `not (${write(expression.of)})`;
    case "and":
    case "or":
      return `(${write(expression.left)}) ${expression.is} (${write(expression.right)})`;
    case "compare":
      return `${write(expression.left)} ${expression.by} ${write(expression.right)}`;
    case "in":
      return `${write(expression.left)} in (${expression.among.map(write).join(", ")})`;
    case "call":
      return `${expression.name}(${expression.of.map(write).join(",")})`;
    default:
      return expression satisfies never;
  }
}

test("whatever is written in full is read as what it was", () => {
  fc.assert(
    fc.property(condition, (expression) => {
      expect(parseFilter(write(expression))).toEqual(expression);
    }),
  );
});

test("and binds tighter than or, not tighter than both", () => {
  expect(parseFilter("A eq 1 or B eq 2 and not C eq 3")).toEqual(
    parseFilter("(A eq 1) or ((B eq 2) and (not (C eq 3)))"),
  );
  expect(parseFilter("A eq 1 and B eq 2 or C eq 3")).toEqual(
    parseFilter("((A eq 1) and (B eq 2)) or (C eq 3)"),
  );
});

test("dates, enum members with their type and doubled quotes are literals", () => {
  expect(parseFilter("A gt 2026-01-02T03:04:05.678Z")).toMatchObject({
    right: { type: "date", value: "2026-01-02T03:04:05.678Z" },
  });
  expect(parseFilter("A eq Pbx.PeerType'Queue'")).toMatchObject({
    right: { type: "enum", value: "Queue" },
  });
  expect(parseFilter("A eq ''''")).toMatchObject({ right: { type: "string", value: "'" } });
  expect(parseFilter("A eq -1.5")).toMatchObject({ right: { type: "number", value: -1.5 } });
});

test.each([
  ["", 0],
  ["A eq", 4],
  ["A eq 1 B", 7],
  ["A eq 'x", 5],
  ["(A eq 1", 7],
  ["A in ()", 6],
  ["A in 1", 5],
  ["and A", 4],
  ["f(A", 3],
  ["A ? 1", 2],
])("'%s' is refused with the position %i", (text, position) => {
  expect(() => parseFilter(text)).toThrow(`Syntax error at position ${position} in '${text}'.`);
});

test("an expression nested without end is refused instead of overflowing the stack", () => {
  for (const deep of ["(".repeat(5000), "not ".repeat(5000), "f(".repeat(5000)])
    expect(() => parseFilter(`${deep}A eq 1`)).toThrow("node count limit");
});

test("texts are split only outside quotes and parentheses, and joined again they are the same", () => {
  expect(splitOutside("a, b(c,d;e) ,'f,''g'", ",")).toEqual(["a", "b(c,d;e)", "'f,''g'"]);
  expect(() => splitOutside("a(b", ",")).toThrow("Unbalanced");
  expect(() => splitOutside("'a", ",")).toThrow("Unbalanced");
  const part = fc.constantFrom("a", "b(c,d)", "'e,f'", "");
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      expect(splitOutside(parts.join(","), ",")).toEqual(parts);
    }),
  );
});
