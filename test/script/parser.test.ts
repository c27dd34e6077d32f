import { describe, expect, it } from "vitest";
import { checkScript } from "../../src/script/check.ts";
import {
  loadParser,
  MAX_DEPTH,
  MAX_LENGTH,
  measureDepth,
  startParser,
} from "../../src/script/parser.ts";
import { SOUND, wrapBody } from "./samples.ts";

/** A class and then the unit over and over. */
function fill(unit: string, length: number): string {
  return ` class A {${unit.repeat(Math.floor(length / unit.length) - 10)}`;
}

function refuse(): never {
  throw new Error("reader");
}

/** Whatever the text does to the parser, the next one is read as if nothing had happened. */
async function expectUnharmed(): Promise<void> {
  expect(await checkScript(SOUND)).toEqual([]);
  expect(await checkScript(SOUND.replace("MyCall.Return(false);", "MyCall.Return(false)"))).toEqual(
    [expect.objectContaining({ message: "expected ';'" })],
  );
}

describe("the parser", () => {
  it("is loaded once, however many ask", async () => {
    const [one, other] = await Promise.all([loadParser(), loadParser()]);
    expect(one).toBe(other);
  });

  it("gives offsets in UTF-16 units", async () => {
    const parse = await loadParser();
    const text = "// é ключ 😀\r\nclass A { }";
    const parsed = parse(text, (root) => {
      const [node] = root.descendantsOfType("class_declaration");
      return text.slice(node?.startIndex, node?.endIndex);
    });
    expect(parsed).toEqual({ state: "read", value: "class A { }" });
  });

  it("stays usable after a reader threw", async () => {
    const parse = await loadParser();
    expect(() => parse(SOUND, refuse)).toThrow("reader");
    await expectUnharmed();
  });

  it("gives up a text when its time is over, and reads the next one from the start", async () => {
    let time = 0;
    const parse = await startParser(() => (time += 100));
    const text = wrapBody("a.B(c, d);\n".repeat(5_000));
    expect(parse(text, (root) => root.endIndex)).toEqual({ state: "too-hard" });
    const parsed = parse(SOUND, (root) => ({ end: root.endIndex, sound: !root.hasError }));
    expect(parsed).toEqual({ state: "read", value: { end: SOUND.length, sound: true } });
  });

  it("frees its trees, so that memory does not grow with the number of texts", async () => {
    const parse = await loadParser();
    const text = wrapBody("a.B(c, d);\n".repeat(500));
    const measure = (times: number): number => {
      for (let time = 0; time < times; time += 1) parse(text, (root) => root.hasError);
      return process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    };
    const settled = measure(5);
    expect(measure(200) - settled).toBeLessThan(16 * 1024 * 1024);
  });
});

describe("the depth of a text", () => {
  it.each([
    ["", 0],
    ["a(b[c{d}])", 3],
    [")))(((", 3],
    ["a < b; c < d; e < f;", 1],
    ["List<Dictionary<int, List<int>>>", 3],
    ["()".repeat(1_000), 1],
  ])("of %j is %d", (text, depth) => {
    expect(measureDepth(text)).toBe(depth);
  });

  it("of a script made of many comparisons stays small", () => {
    expect(measureDepth("if (a < b) { c(); }\n".repeat(10_000))).toBeLessThan(10);
  });
});

describe("a hostile text", () => {
  it("that is too long gives one finding that says so", async () => {
    const findings = await checkScript(`${SOUND}//${"x".repeat(5 * 1024 * 1024)}`);
    expect(findings.map(({ message }) => message)).toEqual([
      "the script is too long to check: more than 256 Ki characters",
    ]);
  });

  it("of the greatest length is still checked when it is sound", async () => {
    const statement = '        MyCall.Trace($"{a} {b}", new List<int>(), c < d);\n';
    const text = wrapBody(statement.repeat(Math.floor((MAX_LENGTH - 1_000) / statement.length)));
    expect(text.length).toBeGreaterThan(MAX_LENGTH - 2_000);
    expect(await checkScript(text)).toEqual([]);
  });

  it.each(["(", "[", "{", "a<", "a<b>(", "new A{", "x[("])(
    "that nests %j without end gives one finding that says so",
    async (unit) => {
      const findings = await checkScript(`class A : ScriptBase<A> { ${unit.repeat(10_000)}`);
      expect(findings.map(({ message }) => message)).toEqual([
        `the script is nested too deeply to check: more than ${MAX_DEPTH} brackets are open at once`,
      ]);
    },
  );

  it.each([
    "! ] select where switch;",
    'await with"/*" ',
    "!?",
    "}",
    '"',
    "#if A\n{\n#else\n(\n#endif\n",
    "\u{1F600}",
    "\0",
  ])("that repeats %j is given up in bounded time, however long", async (unit) => {
    for (const length of [2_000, MAX_LENGTH]) {
      const findings = await checkScript(fill(unit, length));
      expect(findings.length).toBeGreaterThan(0);
      expect(findings.length).toBeLessThanOrEqual(20);
    }
    await expectUnharmed();
  });

  it("that is almost as deep as allowed does the parser no harm", async () => {
    const text = wrapBody(`${"a<".repeat(MAX_DEPTH - 5)};\n`.repeat(50));
    expect((await checkScript(text)).length).toBeGreaterThan(0);
    await expectUnharmed();
  });
});
