import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  readHeader,
  recall,
  writeHeader,
  type Header,
} from "../../../src/render/comment/hidden-header.ts";
import { codePoint } from "../../support/worlds/text.ts";

const HEADER: Header = {
  v: 1,
  subject: "plan",
  target: "production",
  digest: "d".repeat(64),
  commit: "c".repeat(40),
  outcome: "Plan: 1 to create, 0 to update, 0 to delete, 0 unchanged.",
  earlier: [],
};

// What people put into names, what HTML reads, and anything else.
const wild = fc.oneof(
  fc.constantFrom("-->", "--!>", "<!--", "\n", "\r\n", "@octocat", "\u202E", " --> <script>"),
  fc.string({ unit: codePoint, maxLength: 30 }),
);
const earlier = fc.record({ digest: wild, commit: wild, outcome: wild });
const headers: fc.Arbitrary<Header> = fc.record({
  v: fc.constant(1 as const),
  subject: fc.constantFrom("plan" as const, "apply" as const, "drift" as const),
  target: wild,
  digest: wild,
  commit: wild,
  outcome: wild,
  earlier: fc.array(earlier, { maxLength: 5 }),
});

describe("the hidden header", () => {
  it("is read back as it was written, whatever it holds", () => {
    fc.assert(
      fc.property(headers, wild, (header, body) => {
        expect(readHeader(`${writeHeader(header)}\n${body}`)).toEqual(header);
      }),
    );
  });

  it("is one line that ends where it ends and mentions nobody", () => {
    fc.assert(
      fc.property(headers, (header) => {
        const line = writeHeader(header);
        expect(line).toMatch(/^<!-- callform \{[ -~]*\} -->$/);
        expect(line.slice(4, -3)).not.toMatch(/[<>@]|--/);
      }),
    );
  });

  it("is found where the web has made CRLF of the line ends", () => {
    expect(readHeader(`${writeHeader(HEADER)}\r\n## Plan\r\n`)).toEqual(HEADER);
  });

  it.each([
    ["no header", "## Callform plan"],
    ["nothing", ""],
    ["a header further down", `Look:\n${writeHeader(HEADER)}`],
    ["a header after something else", `> ${writeHeader(HEADER)}`],
    ["something behind it in the line", `${writeHeader(HEADER)} and more`],
    ["JSON that is none", "<!-- callform {v:1} -->"],
    ["another version", writeHeader({ ...HEADER, v: 2 as never })],
    ["another subject", writeHeader({ ...HEADER, subject: "party" as never })],
    ["a target that is no text", writeHeader({ ...HEADER, target: 7 as never })],
    ["a list that is none", writeHeader({ ...HEADER, earlier: {} as never })],
    ["a list of something else", writeHeader({ ...HEADER, earlier: [{ digest: 1 }] as never })],
    ["an array", "<!-- callform [] -->"],
    ["null", "<!-- callform null -->"],
  ])("is none in a text with %s", (_, body) => {
    expect(readHeader(body)).toBeUndefined();
  });
});

describe("the record of earlier states", () => {
  it("is empty for a text that is new", () => {
    expect(recall(undefined, "d")).toEqual([]);
  });

  it("takes up what the text said so far, newest first, ids shortened", () => {
    const before = { ...HEADER, earlier: [{ digest: "a", commit: "b", outcome: "first" }] };
    expect(recall(before, "another")).toEqual([
      { digest: "d".repeat(12), commit: "c".repeat(12), outcome: HEADER.outcome },
      { digest: "a", commit: "b", outcome: "first" },
    ]);
  });

  it("does not count the same operations twice", () => {
    expect(recall(HEADER, HEADER.digest)).toEqual([]);
  });

  it("does not grow without end", () => {
    let header = HEADER;
    for (let n = 0; n < 60; n += 1)
      header = {
        ...HEADER,
        digest: `${n}`,
        outcome: "x".repeat(1000),
        earlier: recall(header, `${n}`),
      };
    expect(header.earlier).toHaveLength(20);
    expect(header.earlier[0]?.digest).toBe("58");
    expect(writeHeader(header).length).toBeLessThan(7000);
  });
});
