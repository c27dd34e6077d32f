import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compileScript, orderRefusal } from "../../src/sandbox/compiler.ts";
import { chooseQuirks } from "../../src/sandbox/quirks.ts";
import { BAD_SCRIPT, GOOD_SCRIPT } from "../support/pbx/raw-client.ts";

const QUIRKS = chooseQuirks("20.0.10");

type Finding = Awaited<ReturnType<NonNullable<Parameters<typeof compileScript>[2]>>>[number];

const finding = fc.record({
  code: fc.constantFrom("script-syntax", "script-class-missing", "script-start-missing"),
  message: fc.constantFrom("; expected", "a } is missing", "a ) is missing", "unexpected word"),
  start: fc.nat(50),
  end: fc.nat(50),
}) as fc.Arbitrary<Finding>;

/** Reads a result as 3CX's sample does: spans from 1, the severity after the bracket. */
function readResult(result: string) {
  return [...result.matchAll(/^:\[(\d+)\.\.(\d+)\)([EWH]):(CS\d+):\n(.+)$/gmu)].map(
    ([, start, end, severity, id, message]) => ({
      start: Number(start) - 1,
      end: Number(end) - 1,
      severity,
      id,
      message,
    }),
  );
}

test("a good script is accepted without a word", async () => {
  expect(await compileScript(GOOD_SCRIPT, QUIRKS)).toEqual({ accepted: true, result: "" });
});

test.each([
  ["a missing semicolon", BAD_SCRIPT, "CS1002"],
  ["no class of the script base", GOOD_SCRIPT.replace(" : ScriptBase<Greeter>", ""), "CS5001"],
  ["no Start", GOOD_SCRIPT.replace("void Start()", "void Begin()"), "CS0534"],
  ["nothing at all", "", "CS5001"],
])("%s is refused", async (_what, script, id) => {
  const { accepted, result } = await compileScript(script, QUIRKS);
  expect(accepted).toBe(false);
  expect(readResult(result).map((one) => one.id)).toContain(id);
});

test("every finding becomes an error in its place, in the order of the text", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(finding), async (findings) => {
      const { accepted, result } = await compileScript("x", QUIRKS, async () => findings);
      expect(accepted).toBe(findings.length === 0);
      const read = readResult(result);
      const inOrder = findings.toSorted((a, b) => a.start - b.start);
      expect(read.map(({ start, end, message }) => ({ start, end, message }))).toEqual(
        inOrder.map(({ start, end, message }) => ({ start, end, message })),
      );
      expect(read.every(({ severity }) => severity === "E")).toBe(true);
    }),
  );
});

test("spans count UTF-16 units of the text as it is, whatever its line ends and beginning", async () => {
  const head = "\uFEFF// 😀\r\n";
  const script = head + BAD_SCRIPT.replaceAll("\n", "\r\n");
  const [error] = readResult((await compileScript(script, QUIRKS)).result);
  const [plain] = readResult((await compileScript(BAD_SCRIPT, QUIRKS)).result);
  const linesBefore = BAD_SCRIPT.slice(0, plain?.start).split("\n").length - 1;
  expect(error?.start).toBe((plain?.start ?? 0) + head.length + linesBefore);
});

test("unneeded usings are hidden and repeated ones warnings; both leave the script accepted", async () => {
  const script = `using System.Linq;\nusing System.Text;\nusing System;\n${GOOD_SCRIPT}`;
  const { accepted, result } = await compileScript(script, QUIRKS);
  expect(accepted).toBe(true);
  expect(
    readResult(result).map(({ severity, start, end }) => [severity, script.slice(start, end)]),
  ).toEqual([
    ["H", "using System.Linq;"],
    ["H", "using System.Text;"],
    ["W", "using System;"],
  ]);
});

test.each([
  ["System.Linq", "items.Where(x => x)"],
  ["System.Text", "new StringBuilder()"],
  ["System.Text.RegularExpressions", "Regex.IsMatch(a, b)"],
  ["System.Collections.Generic", "new List<int>()"],
  ["System.Net.Http", "new HttpClient()"],
  ["System.Threading.Tasks", "Task.Delay(1)"],
  ["My.Own.Namespace", "nothing"],
])("a using of %s is needed by %s", async (namespace, use) => {
  const script = `using ${namespace};\n${GOOD_SCRIPT.replace("MyCall", `var a = ${use}; MyCall`)}`;
  expect((await compileScript(script, QUIRKS)).result).not.toContain("CS8019");
});

test("a using that is only a word in a comment or an alias is not taken for one", async () => {
  const script = `// using System.Linq;\nusing Text = System.Text;\n${GOOD_SCRIPT}`;
  expect((await compileScript(script, QUIRKS)).result).toBe("");
});

test("the other readings of the form: spans from 0, the severity as a word in the third field", async () => {
  const quirks = chooseQuirks("20.0.10", { spanBase: 0, severityLetter: false });
  const { result } = await compileScript(`using System.Linq;\n${BAD_SCRIPT}`, quirks);
  expect(result).toMatch(/^:\[0\.\.18\):CS8019:Hidden\nUnnecessary/u);
  expect(result).toMatch(/^:\[\d+\.\.\d+\):CS1002:Error\n/mu);
});

test("an ordered refusal has the form of every other", () => {
  const { accepted, result } = orderRefusal("no luck", QUIRKS);
  expect(accepted).toBe(false);
  expect(readResult(result)).toEqual([
    { start: 0, end: 0, severity: "E", id: "CS0103", message: "no luck" },
  ]);
});
