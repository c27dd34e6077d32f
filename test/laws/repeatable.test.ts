import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { globSync } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { writeCommand, writePattern } from "../support/fuzz/command.ts";
import { chooseSeed, SEEDS } from "../support/fuzz/seeds.ts";
import { codePoint } from "../support/worlds/text.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const HERE = import.meta.filename;

/** What makes one commit's verdict depend on chance or on the machine, and how it looks. */
const CHANCES: Readonly<Record<string, RegExp>> = {
  "a seed of its own": /numRuns:[^}]*\bseed: *-?\d|\bseed: *-?[\d_]+[^}]*numRuns:/,
  "a number by chance": /\bMath\.random\(/,
  "a limit for a test that a slow machine reaches":
    /\b(?:it|test|describe)\b[^;]{0,200}\{ timeout: ?[\d_]+ \}, *(?:async|\()/,
  "a wait that a slow machine reaches the end of": /\bwaitFor\((?:\(\)|async)/,
  "a clock on the wall in what is expected":
    /expect\([^)]*(?:performance\.now|Date\.now)\(\)[^;]*\.toBeLess/,
};

describe("what is tried", () => {
  it("is the same in every run: a seed of the list for each file, and not one for all", () => {
    const files = globSync("test/**/*.test.ts", { cwd: ROOT, absolute: true });
    const seeds = files.map((file) => chooseSeed(file, undefined));
    expect(seeds).toEqual(files.map((file) => chooseSeed(file, "")));
    expect(new Set(seeds)).toEqual(new Set(SEEDS));
  });

  it("is what this file's seed gives, in every test that says nothing of seeds", () => {
    const asked = process.env["CALLFORM_TEST_SEED"];
    expect(fc.readConfigureGlobal()?.seed).toBe(chooseSeed(HERE, asked));
  });

  it("is what a person asks for, or refused", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(chooseSeed(HERE, String(seed))).toBe(seed);
      }),
    );
    for (const wrong of ["x", "1.5", "2147483648", "1e3", " "])
      expect(() => chooseSeed(HERE, wrong)).toThrow("CALLFORM_TEST_SEED is a whole number");
  });

  it.each(Object.entries(CHANCES))("never hangs on %s", (_, pattern) => {
    const files = globSync("test/**/*.test.ts", { cwd: ROOT }).toSorted();
    const guilty = files.filter((file) =>
      pattern.test(readFileSync(path.join(ROOT, file), "utf8")),
    );
    expect(guilty.filter((file) => !HERE.endsWith(file))).toEqual([]);
  });

  it.each([
    ["a seed of its own", "fc.assert(law, { numRuns: 5, seed: 20_26 })"],
    ["a seed of its own", "const RUNS = { seed: -1, numRuns: 5 };"],
    ["a number by chance", "const port = Math.random() * 1000"],
    ["a limit for a test that a slow machine reaches", 'it("x", { timeout: 60_000 }, async () =>'],
    ["a wait that a slow machine reaches the end of", "await vi.waitFor(() => {"],
    ["a clock on the wall in what is expected", "expect(Date.now() - began).toBeLessThan(5)"],
  ])("would be seen to hang on %s in: %s", (name, code) => {
    expect(CHANCES[name]?.test(code)).toBe(true);
  });
});

describe("the line that repeats a failure", () => {
  it("reaches the program as it was meant, through a shell, whatever the titles", () => {
    const title = fc
      .string({ unit: codePoint, minLength: 1 })
      .map((text) => text.replaceAll("\0", ""));
    fc.assert(
      fc.property(fc.array(title, { minLength: 1, maxLength: 3 }), (names) => {
        const command = writeCommand("7", "test/a b.test.ts", names);
        const said = command.replace(/^npm run fuzz -- /, "printf '%s\\0' ");
        const heard = execFileSync("sh", ["-c", said], { encoding: "utf8" }).split("\0");
        expect(heard.slice(0, -1)).toEqual([
          "--seed",
          "7",
          "test/a b.test.ts",
          "-t",
          writePattern(names),
        ]);
      }),
      { numRuns: 20, examples: [[["it's", '$(x) `y` "z" \\']]] },
    );
  });

  it("matches that test and no other", () => {
    const names = fc.array(fc.string({ unit: codePoint }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(names, fc.string({ minLength: 1 }), (titles, more) => {
        const pattern = new RegExp(writePattern(titles));
        expect(pattern.test(titles.join(" "))).toBe(true);
        expect(pattern.test(`${titles.join(" ")}${more}`)).toBe(false);
      }),
    );
  });
});
