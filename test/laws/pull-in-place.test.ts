import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalizeText } from "../../src/domain/plan/canonical.ts";
import type { Entity } from "../../src/domain/ports.ts";
import { bindGroups, createPullBench } from "../support/project/pull-bench.ts";
import { writeScript } from "../support/project/scripts.ts";

const RUNS = { numRuns: 60 };

/** One way in which people write a spec, and what the PBX has when it says exactly that. */
interface Written {
  readonly spec: readonly string[];
  readonly live: Entity;
}

const oneOf = fc.constantFrom<Written[]>;

const nameField = oneOf(
  { spec: ["name: night # the night shift"], live: { Name: "night" } },
  { spec: ['name:   "night"'], live: { Name: "night" } },
  { spec: ["name: 'it''s night'"], live: { Name: "it's night" } },
  { spec: ["name: &title night", "# below the name"], live: { Name: "night" } },
  { spec: ["name: ${var:TEAM}"], live: { Name: "Support" } },
  { spec: ['name: "pre ${var:TEAM} $${var:TEAM}"'], live: { Name: "pre Support ${var:TEAM}" } },
  { spec: ["name: >-", "  a folded", "  name"], live: { Name: "a folded name" } },
  { spec: ["name:", "  # on a line of its own", "  night"], live: { Name: "night" } },
  { spec: ["? name", ": night"], live: { Name: "night" } },
);

const groupsField = oneOf(
  { spec: [], live: { Groups: [] } },
  { spec: ["groups: [] # nobody"], live: { Groups: [] } },
  { spec: ["groups: ~ # nobody"], live: { Groups: [] } },
  { spec: ["groups: # nobody"], live: { Groups: [] } },
  {
    spec: ["groups: [{ name: A }, { name: B, role: managers }] # two"],
    live: {
      Groups: bindGroups([
        ["B", "managers"],
        ["A", "users"],
      ]),
    },
  },
  {
    spec: ["groups: [", "  { name: A }, # first", '  { name: "B", role: users },', "  # none", "]"],
    live: {
      Groups: bindGroups([
        ["A", "users"],
        ["B", "users"],
      ]),
    },
  },
  {
    spec: [
      "groups:",
      "# the front desk",
      "- name: A # a",
      "  role: users # r",
      "",
      "# the rest",
      "- { name: B }",
    ],
    live: {
      Groups: bindGroups([
        ["A", "users"],
        ["B", "users"],
      ]),
    },
  },
  {
    spec: ["groups:", "    -   name: A", "        role: managers", "    -   name: ${var:TEAM}"],
    live: {
      Groups: bindGroups([
        ["A", "managers"],
        ["Support", "users"],
      ]),
    },
  },
  {
    spec: ["groups:", "  - &one", "    name: A", "  - name: B # b"],
    live: {
      Groups: bindGroups([
        ["A", "users"],
        ["B", "users"],
      ]),
    },
  },
);

const trunkField = oneOf(
  { spec: [], live: { Trunk: null } },
  { spec: ["trunk: null # none"], live: { Trunk: null } },
  { spec: ["trunk:", "routingType: Trunk"], live: { Trunk: null, RoutingType: "Trunk" } },
  { spec: ['trunk: { number: "10001" } # main'], live: { Trunk: { Id: 7, Number: "10001" } } },
  {
    spec: ["trunk:", "  # main", '  number: "10001" # one'],
    live: { Trunk: { Id: 7, Number: "10001" } },
  },
  { spec: ['trunk: {number: "${var:ROUTE}"}'], live: { Trunk: { Id: 7, Number: "10001" } } },
);

const BODY = ["using X;", "", "class A {", '  string k = "${secret:KEY}"; // ${var:TEAM}', "}"];
const LIVE_BODY = [...BODY.slice(0, 3), '  string k = "s3cr3t-of-mine"; // Support', "}"];
const indented = (pad: string): string[] => BODY.map((line) => (line === "" ? "" : pad + line));

const scriptField = oneOf(
  { spec: [], live: { ScriptCode: writeScript("Other") } },
  { spec: ["scriptFile: a.cs # its file"], live: { ScriptCode: LIVE_BODY.join("\r\n") } },
  {
    spec: ["scriptCode: | # in place", ...indented("  ")],
    live: { ScriptCode: LIVE_BODY.join("\n") },
  },
  {
    spec: ["scriptCode: |2-", ...indented("  "), "", "# after"],
    live: { ScriptCode: LIVE_BODY.join("\n") },
  },
  {
    spec: ["scriptCode: |+", ...indented("     "), "", ""],
    live: { ScriptCode: LIVE_BODY.join("\n") },
  },
  {
    spec: [`scriptCode: ${JSON.stringify(BODY.join("\n"))}`],
    live: { ScriptCode: LIVE_BODY.join("\n") },
  },
);

interface Manifest extends Written {
  readonly text: string;
  readonly comments: readonly string[];
}

const manifest: fc.Arbitrary<Manifest> = fc
  .record({
    fields: fc
      .tuple(nameField, groupsField, trunkField, scriptField)
      .chain((fields) =>
        fc
          .shuffledSubarray(fields, { minLength: 4, maxLength: 4 })
          .map((order) => ({ fields, order })),
      ),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    indent: fc.constantFrom("  ", "    "),
    others: fc.boolean(),
    end: fc.constantFrom("", "\n", "\n# the end\n"),
  })
  .map(({ fields: { fields, order }, lineEnd, indent, others, end }) => {
    const spec = order.flatMap((field) => field.spec);
    const lines = [
      "# how nights are answered",
      "apiVersion: callform/v1",
      "kind: CallFlowApp",
      "metadata:",
      '  number: "806" # theirs',
      "spec:",
      ...spec.map((line) => (line === "" ? "" : indent + line)),
      ...(others ? ["", "---", "apiVersion: callform/v1", "kind: CallFlowApp"] : []),
      ...(others ? ['metadata: { number: "807" }', "spec: { name: second } # the second"] : []),
    ];
    const text = lines.join("\n") + end;
    // The remark on a line goes when the item of that line does.
    const comments = spec.filter((line) => line.trim().startsWith("#")).map((line) => line.trim());
    return {
      spec,
      live: Object.assign({}, ...fields.map(({ live }) => live)),
      text: text.replaceAll("\n", lineEnd),
      comments: ["# how nights are answered", "# theirs", ...comments],
    };
  });

const edit: fc.Arbitrary<Entity> = fc.oneof(
  fc
    .constantFrom("day", "a: b", "a\nb", "night", "# x", "'", '"', "Support")
    .map((Name) => ({ Name })),
  fc
    .uniqueArray(
      fc.tuple(
        fc.constantFrom("A", "B", "Support", "no", "a, b"),
        fc.constantFrom("users", "managers"),
      ),
      { selector: ([name]) => name, maxLength: 4 },
    )
    .map((groups) => ({ Groups: bindGroups(groups) })),
  fc
    .constantFrom(null, "10001", "10002")
    .map((number) => ({ Trunk: number === null ? null : { Id: 7, Number: number } })),
  fc
    .array(
      fc.constantFrom(
        ...LIVE_BODY,
        "  // new",
        "",
        "\tx",
        '  string t = "a s3cr3t-of-mine b";',
        "Support",
      ),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    .filter((lines) => lines.join("").trim() !== "")
    .map((lines) => ({ ScriptCode: lines.join("\r\n") })),
);

function prepare({ text, live }: Manifest) {
  const apps = [
    { Number: "806", RoutingType: null, ...live },
    { Number: "807", Name: "second" },
  ];
  return createPullBench(apps, { "apps/a.yaml": text, "apps/a.cs": `${BODY.join("\n")}\n` });
}

describe("pulling into manifests that people wrote", () => {
  it("touches nothing that says what the PBX has, however it is written", async () => {
    const law = async (written: Manifest): Promise<void> => {
      const bench = prepare(written);
      const before = bench.files();
      const report = await bench.pull({ numbers: ["806"] });
      expect(report).toMatchObject({ files: [], unchanged: 1 });
      // A PBX may be in a state that is worth a warning.
      expect(report.problems.filter(({ code }) => code !== "trunk-missing")).toEqual([]);
      expect(bench.files()).toEqual(before);
    };
    await fc.assert(fc.asyncProperty(manifest, law), RUNS);
  });

  it("with --force leaves nothing to plan and every comment, and knows no secret by its value", async () => {
    const law = async (written: Manifest, change: Entity): Promise<void> => {
      const bench = prepare(written);
      bench.edit("806", change);
      const report = await bench.pull({ force: true, numbers: ["806"] });
      expect(report.problems.filter(({ severity }) => severity === "error")).toEqual([]);
      const plan = await bench.planFiles();
      expect(plan.changes).toEqual([]);
      const after = bench.files();
      for (const comment of written.comments) expect(after["apps/a.yaml"]).toContain(comment);
      expect(JSON.stringify(after)).not.toContain("s3cr3t-of-mine");
      expect(await bench.pull({ force: true, numbers: ["806"] })).toMatchObject({ files: [] });
      expect(bench.files()).toEqual(after);
      if (written.text.includes("\r\n")) {
        expect(after["apps/a.yaml"]?.replaceAll("\r\n", "")).not.toContain("\n");
      }
    };
    await fc.assert(fc.asyncProperty(manifest, edit, law), RUNS);
  });

  it("writes no secret without --force where no reference may stand, and names it", async () => {
    const text = 'apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: "806" }\n';
    const live = { Name: "night", ScriptCode: BODY.join("\n") };
    const spec = "spec:\n  name: night\n  scriptFile: a.cs\n";
    const bench = prepare({ text: text + spec, live, spec: [], comments: [] });
    bench.edit("806", { ScriptCode: "class A { a s3cr3t-of-mine b }" });
    const before = bench.files();
    const { problems } = await bench.pull({ numbers: ["806"] });
    expect(problems.map(({ message }) => message).join()).toContain("${secret:KEY}");
    expect(bench.files()).toEqual(before);
  });

  it("changes no line outside the field that changed", async () => {
    const law = async (written: Manifest, change: Entity): Promise<void> => {
      const bench = prepare(written);
      const before = bench.files()["apps/a.yaml"] ?? "";
      bench.edit("806", change);
      await bench.pull({ force: true, numbers: ["806"] });
      const after = bench.files()["apps/a.yaml"] ?? "";
      const [field] = Object.keys(change);
      const keys: Record<string, RegExp> = {
        Name: /name:|name$|: night|night|folded|name$/,
        Groups: /groups|-|name|role|\[|\]/,
        Trunk: /trunk|number/,
        ScriptCode: /scriptCode|using|class|string|\}|^\s*$/,
      };
      const kept = new Set(after.split(/\r?\n/));
      const gone = before.split(/\r?\n/).filter((line) => !kept.has(line));
      for (const line of gone) expect(line).toMatch(keys[field ?? ""] ?? /$^/);
    };
    await fc.assert(fc.asyncProperty(manifest, edit, law), RUNS);
  });

  it("writes no value over a reference without --force, and says which one it left", async () => {
    const law = async (written: Manifest, change: Entity): Promise<void> => {
      const bench = prepare(written);
      bench.edit("806", change);
      const count = (text: string): number =>
        text.match(/(?<!\$)\$\{(?:var|secret):/g)?.length ?? 0;
      const before = bench.files();
      const references = count(JSON.stringify(before));
      const report = await bench.pull({ numbers: ["806"], force: false, dryRun: true });
      const made = report.files.map(({ diff }) => diff).join("\n");
      const lines = made.split("\n");
      const removed = count(lines.filter((line) => line.startsWith("-")).join("\n"));
      const added = count(lines.filter((line) => line.startsWith("+")).join("\n"));
      expect(added).toBeGreaterThanOrEqual(removed);
      expect(count(JSON.stringify(bench.files()))).toBe(references);
    };
    await fc.assert(fc.asyncProperty(manifest, edit, law), RUNS);
  });

  it("keeps the bytes of a script whose text is the same", async () => {
    const ends = fc.constantFrom("\n", "\r\n", "\r");
    const law = async (end: string, mark: string, tail: string): Promise<void> => {
      const text = mark + LIVE_BODY.join(` \t${end}`) + tail;
      const yaml = `apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: "806" }\nspec: { name: a, scriptFile: a.cs }\n`;
      const live = { Number: "806", Name: "a", ScriptCode: canonicalizeText(text) };
      const bench = createPullBench([live], { "apps/a.yaml": yaml, "apps/a.cs": text });
      expect(await bench.pull()).toMatchObject({ files: [] });
      bench.edit("806", { ScriptCode: `${live.ScriptCode}\n// new` });
      await bench.pull({ force: true });
      const written = bench.folder.read("apps/a.cs");
      expect(written.startsWith(mark + LIVE_BODY.slice(0, -1).join(` \t${end}`))).toBe(true);
      expect(written.endsWith(`// new${tail}`)).toBe(true);
    };
    const tails = fc.constantFrom("", "\n", "\n\n");
    await fc.assert(fc.asyncProperty(ends, fc.constantFrom("", "\uFEFF"), tails, law), RUNS);
  });
});
