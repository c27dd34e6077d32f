import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBatch } from "../../src/git/content/blobs.ts";
import { readComplaint } from "../../src/git/run.ts";
import { parseTree } from "../../src/git/content/entries.ts";
import { findNearNames } from "../../src/git/near-names.ts";
import { codePoint } from "../support/worlds/text.ts";

describe("what git complains of", () => {
  it.each([
    ["", "it gave no reason"],
    ["fatal: bad revision\n", "bad revision"],
    ["error: one\nfatal: two\n", "two"],
    ["fatal: two\nhint: try that\n", "two"],
    [
      "remote: Counting\r\nremote: Done\nerror: Server does not allow it",
      "Server does not allow it",
    ],
    ["Permission denied\n\n", "Permission denied"],
    ["10:00 trace: fatal: not this\nfatal: this", "this"],
    ["fatal: \u001B[31mred\u001B[0m\u0007", "[31mred[0m"],
  ])("is the last verdict of %j", (stderr, complaint) => {
    expect(readComplaint(stderr)).toBe(complaint);
  });

  it("holds no credentials of a URL, however they look", () => {
    const word = fc
      .stringMatching(/^[A-Za-z0-9._~%!$&'()*+,;=-]{3,20}$/)
      .map((text) => `S3${text}`);
    const scheme = fc.constantFrom("https", "http", "ssh", "ftp");
    fc.assert(
      fc.property(word, fc.option(word), scheme, (user, password, protocol) => {
        const login = password === null ? user : `${user}:${password}`;
        const said = readComplaint(
          `fatal: unable to access '${protocol}://${login}@host/x.git/': no`,
        );
        expect(said).toBe(`unable to access '${protocol}://host/x.git/': no`);
      }),
    );
  });

  it("is always one line without control characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (stderr) => {
        expect(readComplaint(stderr)).toMatch(/^\P{Cc}*$/u);
      }),
    );
  });
});

describe("the names near a name", () => {
  const names = ["main", "develop", "origin/main", "origin/develop", "v1.0.0", "v1.1.0"];

  it.each([
    ["mian", ["main", "origin/main"]],
    ["MAIN", ["main", "origin/main"]],
    ["develp", ["develop", "origin/develop"]],
    ["v1.2.0", ["v1.0.0", "v1.1.0"]],
    ["nothing-like-it", []],
    ["v1", ["v1.0.0", "v1.1.0"]],
    ["", []],
  ])("%j are %j", (name, near) => {
    expect(findNearNames(name, names)).toEqual(near);
  });

  it("are at most five of those there are, each once, the name itself first", () => {
    const name = fc.stringMatching(/^[a-c/]{1,6}$/);
    fc.assert(
      fc.property(name, fc.array(name), (wanted, known) => {
        const near = findNearNames(wanted, [...known, wanted, wanted]);
        expect(near.length).toBeLessThanOrEqual(5);
        expect(new Set(near).size).toBe(near.length);
        expect([...known, wanted]).toEqual(expect.arrayContaining([...near]));
      }),
    );
  });

  it("include a name with any two letters swapped", () => {
    const name = fc.stringMatching(/^[a-z]{3,12}$/);
    fc.assert(
      fc.property(name, fc.nat(), (wanted, at) => {
        const index = at % (wanted.length - 1);
        const [a = "", b = ""] = [wanted[index], wanted[index + 1]];
        const slipped = wanted.slice(0, index) + b + a + wanted.slice(index + 2);
        expect(findNearNames(slipped, [wanted])).toEqual([wanted]);
      }),
    );
  });
});

describe("what git prints", () => {
  const id = fc.stringMatching(/^[0-9a-f]{40}$/);

  it("as objects is read back whole, whatever they hold", () => {
    fc.assert(
      fc.property(fc.dictionary(id, fc.uint8Array({ maxLength: 60 })), (objects) => {
        const parts = Object.entries(objects).flatMap(([name, bytes]) => [
          Buffer.from(`${name} blob ${bytes.length}\n`),
          Buffer.from(bytes),
          Buffer.from("\n"),
        ]);
        const read = parseBatch(Buffer.concat(parts));
        expect(new Map([...read].map(([name, bytes]) => [name, [...bytes]]))).toEqual(
          new Map(Object.entries(objects).map(([name, bytes]) => [name, [...bytes]])),
        );
      }),
    );
  });

  it.each(["missing", "ambiguous", "tree 5\nabcde", "blob x\n"])(
    "as an object is not taken for one when it is %j",
    (answer) => {
      const name = "1".repeat(40);
      expect(() => parseBatch(Buffer.from(`${name} ${answer}\n`))).toThrow(name);
    },
  );

  it("as a tree is read back whole", () => {
    const path = fc.stringMatching(/^[a-z "'\t\n\\é]{1,9}$/);
    const mode = fc.constantFrom("100644", "100755", "100664", "120000");
    fc.assert(
      fc.property(fc.array(fc.record({ mode, id, path })), (entries) => {
        const lines = entries.map((entry) => `${entry.mode} blob ${entry.id}\t${entry.path}\0`);
        expect(parseTree(Buffer.from(lines.join("")))).toEqual(
          entries.map((entry) => ({
            kind: entry.mode === "120000" ? "link" : "file",
            id: entry.id,
            path: entry.path,
          })),
        );
      }),
    );
  });

  it("as a tree is not believed when it ends within an entry", () => {
    expect(() => parseTree(Buffer.from(`100644 blob ${"1".repeat(40)}\ta`))).toThrow(RangeError);
  });
});
