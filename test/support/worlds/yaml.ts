import * as fc from "fast-check";

/** Manifests and scripts as people write them: what mutations start from. */
const MANIFESTS: readonly string[] = [
  `apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: "806"
  labels: { team: support, site: 'berlin' }
spec:
  name: afterhours
  routingType: Forward
  transcriptionMode: Inherit
  scriptFile: after.cs
  groups: [{ name: DEFAULT, role: users }, { name: "\${var:TEAM}" }]
  trunk: null
lifecycle:
  protect: true
  ignore: [transcriptionMode]
`,
  `---
apiVersion: callform/v1
kind: CallFlowApp
metadata: { number: "807" }
spec:
  name: &name night
  transcriptionMode: null
  scriptCode: |
    using CallFlow;
    // \${secret:KEY} $\${secret:KEY} \${var:TEAM}
    class A : ScriptBase<A> { public override async void Start() { } }
  routingType: Trunk
  trunk:
    number: '10001'
---
# another one
{"apiVersion": "callform/v1", "kind": "CallFlowApp", "metadata": {"number": "*39"},
 "spec": {"name": "other", "scriptCode": "class \\u0041 {}\\n"}}
...
`,
];

const PROJECT = `apiVersion: callform/v1
kind: Project
manifests: ["apps/**/*.yaml", "!apps/old/**"]
targets:
  production:
    url: https://pbx.example.com:5001
    clientId: \${env:ID}
    clientSecret: "\${env:KEY}"
    variables: { TEAM: "Support" }
    policy: { prune: removed, maxDeletes: 2, maxChangePercent: 30, protect: ["800", "9*"] }
`;

const SNIPPETS = [
  "<<: *name",
  "&a [*a]",
  "*name",
  "!!js/function x",
  "!!binary aGk=",
  "!<tag:yaml.org,2002:str>",
  "? [a]\n: b",
  "%YAML 1.1\n---\n",
  "\t",
  "\r",
  "\r\n",
  "\u0085",
  "\u2028",
  "\0",
  "\uFEFF",
  "\uD800",
  "__proto__: {}",
  "constructor: x",
  "${secret:",
  "${env:KEY}",
  "$${",
  "${secret:NOPE}",
  "${{ secrets.X }}",
  "${var:TEAM}",
  "{{{{",
  "]",
  "|+2\n",
  ">-\n",
  "- - - -",
  "null",
  "~",
  ".nan",
  "1e999",
  "0x7f",
  "-0",
  "9".repeat(40),
  "2026-01-01",
  "yes",
  "'",
  '"',
  "\\",
  "\\x",
  '"\\q"',
  "#",
  ": ",
  "---\n",
  "...\n",
  "spec:\n",
  "  name: x\n",
  "scriptFile: ../../etc/passwd",
  "scriptFile: .",
  "scriptFile: after.cs\0",
  "number: 806",
  "groups: [[[]]]",
  "a".repeat(3000),
  "[".repeat(120),
  "{a: ".repeat(60),
  "日本🌙",
  "id: 3",
  "CompilationResult: x",
  "labels: []",
  "lifecycle: ~",
  "ignore: [scriptCode, scriptCode]",
  "trunk: 5",
  "name: ''",
];

/** Those in the upper half keep to lines and values, the others to nothing. */
const DEEDS = [
  "drop-line",
  "move-line",
  "add-line",
  "remark",
  "value",
  "indent",
  "insert",
  "delete",
  "swap",
  "repeat",
  "byte",
  "cut",
] as const;

interface Mutation {
  readonly deed: (typeof DEEDS)[number];
  readonly at: number;
  readonly size: number;
  readonly snippet: string;
  readonly byte: number;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  deed: fc.constantFrom(...DEEDS, ...DEEDS.slice(0, 6), ...DEEDS.slice(0, 4)),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  size: fc.integer({ min: 1, max: 40 }),
  snippet: fc.constantFrom(...SNIPPETS),
  byte: fc.nat(255),
});

function mutate(content: Buffer, { deed, at, size, snippet, byte }: Mutation): Buffer {
  const place = Math.floor(at * content.length);
  const [head, tail] = [content.subarray(0, place), content.subarray(place)];
  const [taken, rest] = [tail.subarray(0, size), tail.subarray(size)];
  const lines = content.toString().split("\n");
  const line = Math.floor(at * lines.length);
  if (deed === "drop-line") lines.splice(line, 1);
  if (deed === "move-line") lines.splice(size % lines.length, 0, ...lines.splice(line, 1));
  if (deed === "add-line") lines.splice(line, 0, " ".repeat(size % 5) + snippet);
  if (deed === "remark") lines[line] = `${lines[line]} # ${size}`;
  if (deed === "value") lines[line] = (lines[line] ?? "").replace(/: .*/, `: ${snippet}`);
  if (DEEDS.indexOf(deed) < DEEDS.indexOf("indent")) return Buffer.from(lines.join("\n"));
  if (deed === "insert") return Buffer.concat([head, Buffer.from(snippet), tail]);
  if (deed === "delete") return Buffer.concat([head, rest]);
  if (deed === "swap") return Buffer.concat([rest, taken, head]);
  if (deed === "repeat") return Buffer.concat([head, taken, taken, taken, rest]);
  if (deed === "byte") return Buffer.concat([head, Buffer.from([byte]), tail.subarray(1)]);
  if (deed === "indent")
    return Buffer.from(content.toString().replace(/\n {2}/, `\n${" ".repeat(size % 7)}`));
  return head;
}

const assembled = fc
  .array(
    fc.oneof(
      fc.constantFrom(...SNIPPETS),
      fc.constantFrom("\n", "\n  ", " ", ": ", "- ", "a", "spec"),
    ),
    {
      maxLength: 25,
    },
  )
  .map((parts) => Buffer.from(parts.join("")));

const raw = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

/** Documents from nearly right to random bytes. */
function contentFrom(...valid: readonly string[]): fc.Arbitrary<Buffer> {
  const mutated = fc
    .tuple(fc.constantFrom(...valid), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([text, mutations]) => mutations.reduce(mutate, Buffer.from(text)));
  return fc.oneof(
    { weight: 7, arbitrary: mutated },
    { weight: 2, arbitrary: assembled },
    { weight: 1, arbitrary: raw },
  );
}

/** What stands where a manifest should be, now and then a project file. */
export const manifestContent = contentFrom(...MANIFESTS, ...MANIFESTS, PROJECT);

/** What stands where the project file should be, now and then a manifest. */
export const projectContent = contentFrom(PROJECT, PROJECT, PROJECT, ...MANIFESTS);
