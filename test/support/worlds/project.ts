import * as fc from "fast-check";
import { Document, Scalar, type ParsedNode } from "yaml";
import type { Seed } from "../../../src/sandbox/state/seed.ts";
import { writeScript } from "../project/scripts.ts";

/** One app as a person may write it: every field that can be managed, in any spelling YAML has. */
export interface AppSketch {
  readonly number: string;
  readonly spec: Readonly<Record<string, unknown>>;
  /** The script as the PBX is to have it, line ends and BOM aside; undefined where it is not managed. */
  readonly script: string | undefined;
  /** What stands in the file: references unresolved. */
  readonly source: string;
  readonly style: Scalar.Type | "file";
  /** The manifest's own line ends. */
  readonly crlf: boolean;
}

export const VARIABLES = { HOTLINE: "100", GREETING: 'grüß "Gott"' };
export const SECRETS = { API_KEY: 's3cr3t/\\+"key"' };

const DEPARTMENTS = ["Büro", "O'Brien & Sons", "100% sure", "a,b;c", "Sup/port?x=1#y", "日本"];
const ROLES = ["users", "receptionists", "managers", "group_owners", "system_admins"];

/** A PBX with departments whose names are hard on URLs and filters. */
export const oddSeed: Seed = {
  departments: DEPARTMENTS.map((name) => ({ name })),
  trunks: [
    { number: "10001", name: "provider" },
    { number: "10002", name: "other" },
  ],
  compile: { delay: 1 },
};

const number = fc.oneof(
  fc.stringMatching(/^[1-9][0-9]{2,3}$/),
  fc.stringMatching(/^[*#][0-9]{2}$/),
  fc.stringMatching(/^[0-9][A-Za-z0-9*]{1,5}$/),
);

const name = fc.oneof(
  fc.constantFrom(
    "night",
    "null",
    "true",
    "12",
    "1e3",
    "~",
    "- a",
    "# b",
    "a: b",
    "O'Brien",
    '"q"',
  ),
  fc.constantFrom(
    "Ünïcödé",
    "夜間",
    "🌙",
    "a\\nb",
    "%41+",
    "{x}",
    "[x]",
    "&a",
    "*a",
    "!t",
    "@",
    "`",
  ),
  fc.stringMatching(/^[ -~]{1,20}$/).filter((text) => text.trim() !== ""),
  fc.constant("n".repeat(255)),
);

/** In a C# string or comment: what it is in the file, and what it is for the PBX. */
const insert = fc.oneof(
  fc
    .constantFrom(
      "",
      "welcome.wav",
      "grüße 🌙",
      "日本",
      "{x}",
      "$x",
      "${x}",
      "a:b",
      "# c",
      "'",
      "- d",
    )
    .map((text) => [text, text] as const),
  fc.constantFrom(
    ["$${secret:API_KEY}", "${secret:API_KEY}"] as const,
    ["$${var:HOTLINE}", "${var:HOTLINE}"] as const,
    ["${var:HOTLINE}", VARIABLES.HOTLINE] as const,
    ["x${var:HOTLINE}${var:HOTLINE}", VARIABLES.HOTLINE.repeat(2).padStart(7, "x")] as const,
  ),
);

/** In a comment, where quotes do no harm. */
const remark = fc.oneof(
  insert,
  fc.constantFrom(
    ["${secret:API_KEY}", SECRETS.API_KEY] as const,
    ["${var:GREETING}", VARIABLES.GREETING] as const,
  ),
);

const ends = fc.constantFrom("\n", "\n", "\r\n");

const script = fc
  .record({
    bom: fc.constantFrom("", "", "\uFEFF"),
    end: ends,
    greeting: insert,
    note: remark,
    tail: fc.constantFrom("", "  ", "\t", "\n\n", "// end"),
    cut: fc.boolean(),
  })
  .map(({ bom, end, greeting, note, tail, cut }) => {
    const write = (side: 0 | 1): string => {
      const body = `${writeScript("App", greeting[side])}/* ${note[side]} */${tail}`;
      return bom + (cut ? body.trimEnd() : body).replaceAll("\n", end);
    };
    return { source: write(0), script: write(1) };
  });

const groups = fc.oneof(
  fc.constantFrom(null, []),
  fc
    .tuple(fc.shuffledSubarray(["DEFAULT", ...DEPARTMENTS]), fc.constantFrom(undefined, ...ROLES))
    .map(([names, role]) =>
      names.map((group) => (role === undefined ? { name: group } : { name: group, role })),
    ),
);

const spec = fc.record(
  {
    name,
    routingType: fc.constantFrom("DialCode", "Forward", "Trunk", null),
    transcriptionMode: fc.constantFrom(
      "Nothing",
      "Voicemail",
      "Recordings",
      "Both",
      "Inherit",
      null,
    ),
    trunk: fc.constantFrom(null, { number: "10001" }, { number: "10002" }),
    groups,
  },
  { requiredKeys: ["name"] },
);

const STYLES = [
  "file",
  Scalar.BLOCK_LITERAL,
  Scalar.BLOCK_FOLDED,
  Scalar.QUOTE_DOUBLE,
  Scalar.QUOTE_SINGLE,
] as const;

const sketch: fc.Arbitrary<AppSketch> = fc
  .record({
    number,
    spec,
    text: fc.option(script, { freq: 8 }),
    style: fc.constantFrom(...STYLES),
    crlf: fc.boolean(),
  })
  .map(({ text, ...rest }) => ({ ...rest, script: text?.script, source: text?.source ?? "" }));

/** Some apps, each with a number of its own. */
export const sketches: fc.Arbitrary<AppSketch[]> = fc.uniqueArray(sketch, {
  selector: (app) => app.number,
  minLength: 1,
  maxLength: 5,
});

/** The files of a project that describes these apps: half of them in one file, the others in files of their own. */
export function writeProjectFiles(apps: readonly AppSketch[]): Record<string, string> {
  const files: Record<string, string> = {
    "callform.yaml": new Document({
      apiVersion: "callform/v1",
      kind: "Project",
      targets: { pbx: { variables: VARIABLES, policy: { maxDeletes: 9 } } },
    }).toString(),
  };
  const shared: string[] = [];
  for (const [index, app] of apps.entries()) {
    const text = writeManifestOf(app, `app${index}.cs`);
    if (index % 2 === 0) shared.push(text);
    else files[`apps/app${index}.yaml`] = app.crlf ? text.replaceAll("\n", "\r\n") : text;
    if (app.style === "file") files[`apps/app${index}.cs`] = app.source;
  }
  files["apps/shared.yaml"] = shared.join("---\n");
  return files;
}

function writeManifestOf(
  { number: key, spec: fields, script: managed, source, style }: AppSketch,
  file: string,
): string {
  const document = new Document<ParsedNode>({
    apiVersion: "callform/v1",
    kind: "CallFlowApp",
    metadata: { number: key },
    spec: fields,
  });
  document.setIn(["metadata", "number"], styled(key, Scalar.QUOTE_DOUBLE));
  if (managed !== undefined && style === "file") document.setIn(["spec", "scriptFile"], file);
  else if (managed !== undefined && style !== "file")
    document.setIn(["spec", "scriptCode"], styled(source, style));
  return document.toString({ lineWidth: 60 });
}

function styled(text: string, style: Scalar.Type): Scalar {
  return Object.assign(new Scalar(text), { type: style });
}
