import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { findLineStarts, placeOffset } from "../../../src/domain/text-place.ts";
import { decodeText, explainFailure } from "../../../src/manifest/files/read-text.ts";

const texts = fc
  .string({ unit: "grapheme" })
  .filter((text) => !text.includes("\0") && !text.startsWith("\uFEFF"));

const BOM = "\uFEFF";

describe("the text in a file's bytes", () => {
  test("is the text that was written, in UTF-8 with and without a byte order mark", () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, mark) => {
        expect(decodeText(Buffer.from(mark ? BOM + text : text), "a")).toEqual({ text });
      }),
    );
  });

  test("is the text that was written, in UTF-16 of either byte order", () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, swap) => {
        const bytes = Buffer.from(BOM + text, "utf16le");
        expect(decodeText(swap ? bytes.swap16() : bytes, "a")).toEqual({ text });
      }),
    );
  });

  test("loses one byte order mark, not two", () => {
    expect(decodeText(Buffer.from(`${BOM}${BOM}x`), "a")).toEqual({ text: `${BOM}x` });
  });

  test("ends at the first byte that is no UTF-8, and the problem says where", () => {
    const bad = fc.constantFrom(
      [0xff],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf8, 0x41],
      [0xe2, 0x28],
    );
    fc.assert(
      fc.property(texts, bad, texts, (before, bytes, after) => {
        const all = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
        const { problem } = decodeText(all, "a.cs");
        const place = placeOffset(findLineStarts(before), before.length);
        expect(problem).toMatchObject({ code: "file-encoding", at: { file: "a.cs", ...place } });
      }),
    );
  });

  test("ends at the first NUL, and the problem says where", () => {
    fc.assert(
      fc.property(texts, texts, fc.boolean(), (before, after, wide) => {
        const text = `${before}\0${after}`;
        const bytes = wide ? Buffer.from(BOM + text, "utf16le") : Buffer.from(text);
        const place = placeOffset(findLineStarts(before), before.length);
        expect(decodeText(bytes, "a").problem).toMatchObject({ code: "file-binary", at: place });
      }),
    );
  });

  test("is read or refused, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { text, problem } = decodeText(bytes, "a");
        expect([text, problem].filter((part) => part !== undefined)).toHaveLength(1);
      }),
    );
  });
});

describe("a failure of the file system", () => {
  const fail = (code: string): Error => Object.assign(new Error("as the system says it"), { code });

  test.each([
    ["ENOENT", "file-unreadable", "a.cs does not exist"],
    ["ENOTDIR", "file-unreadable", "a.cs does not exist"],
    ["EACCES", "file-unreadable", "a.cs cannot be read: you have no permission to read it"],
    ["EISDIR", "file-unreadable", "a.cs cannot be read: it is a folder"],
    ["ELOOP", "file-unreadable", "a.cs cannot be read: its symbolic links go round in a circle"],
    ["EIO", "file-unreadable", "a.cs cannot be read: the system says EIO"],
  ])("%s is a problem in words", (code, ours, message) => {
    expect(explainFailure(fail(code), { shown: "a.cs" })).toEqual({
      severity: "error",
      code: ours,
      message,
      at: { file: "a.cs", line: 1, column: 1 },
    });
  });

  test("is told where the file was named, under the code of that place", () => {
    const namedAt = { file: "a.yaml", line: 7, column: 15 };
    expect(
      explainFailure(fail("ENOENT"), { shown: "a.cs", namedAt, missing: "script-missing-file" }),
    ).toMatchObject({ code: "script-missing-file", at: namedAt });
  });

  test("that is none is a mistake of the program and is thrown on", () => {
    const bug = new TypeError("undefined is not a function");
    expect(() => explainFailure(bug, { shown: "a.cs" })).toThrow(bug);
  });
});
