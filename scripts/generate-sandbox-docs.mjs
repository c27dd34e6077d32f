// Writes docs/sandbox.md: how to use the simulator, and every behaviour with its evidence and its test.
import { build } from "esbuild";
import { join } from "node:path";

import { emitFile } from "./generated-file.mjs";
import { ROOT } from "./manifest-schemas.mjs";

const MARKS = {
  O: "official: a 3CX document or repository says so",
  L: "live: observed on a PBX, by somebody who says so",
  I: "inferred; where two readings were possible, the stricter one",
};
const TESTS = {
  Access: "access",
  Reading: "queries",
  Writing: "writes",
  "Departments, rules and people": "routing",
  Scripts: "scripts",
};

/** The tables of the source, by running the modules that hold them. */
async function readTables() {
  const { outputFiles } = await build({
    stdin: {
      contents:
        'export { CHAPTERS } from "./src/sandbox/behaviours/table.ts"; export { NEWEST } from "./src/sandbox/quirks.ts"; export { ENTITY_SETS } from "./src/sandbox/model/registry.ts"; export { FUNCTIONS } from "./src/sandbox/api/functions.ts";',
      resolveDir: ROOT,
      loader: "ts",
    },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function writeChapter({ title, behaviours }) {
  const test = TESTS[title];
  if (test === undefined) throw new Error(`no test file is known for the chapter ${title}`);
  const rows = behaviours.map(({ name, does, evidence, mark, switches = [] }) => {
    const turned = switches.map((quirk) => `\`${quirk}\``).join(", ");
    return `| \`${name}\` | ${cell(does)} | ${cell(evidence)} | ${mark} | ${turned} |`;
  });
  return [
    `### ${title}`,
    "",
    `Each row is proved by the test of its name in [test/sandbox/behaviours/${test}.test.ts](../test/sandbox/behaviours/${test}.test.ts).`,
    "",
    "| behaviour | what it does | evidence | mark | switch |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

const { CHAPTERS, NEWEST, ENTITY_SETS, FUNCTIONS } = await readTables();
const VERBS = { create: "POST", update: "PATCH", remove: "DELETE" };
const sets = ENTITY_SETS.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(
  ({ name, verbs }) =>
    `| \`${name}\` | ${["GET", ...verbs.map((verb) => VERBS[verb])].join(" ")} |`,
);
const functions = Object.entries(FUNCTIONS)
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(
    ([name, { method, bound }]) =>
      `| \`${bound ? name.replace("/", "(id)/") : name}\` | ${method} |`,
  );
const switches = Object.entries(NEWEST).map(
  ([name, value]) => `| \`${name}\` | \`${JSON.stringify(value)}\` |`,
);

emitFile(
  join(ROOT, "docs/sandbox.md"),
  `<!-- Written by scripts/generate-sandbox-docs.mjs from src/sandbox/behaviours and src/sandbox/quirks.ts. -->
# The sandbox

A simulated PBX for demos, tests and your own CI. It answers as real systems were seen to answer, and where nobody has shown what a
real one does it takes the stricter reading. It shares no code with the client, or it would repeat the client's mistakes.

\`\`\`sh
callform sandbox --port 0 --json --seed sandbox.yaml
\`\`\`

prints \`{"url","clientId","clientSecret"}\` when it listens and ends on Ctrl-C or SIGTERM. The page at the url shows the apps, their
compile state, their scripts and the last requests.

| flag | does |
|---|---|
| \`--port N\`, \`--host ADDRESS\` | where it listens; 0 takes a free port |
| \`--seed FILE\` | what it starts with: departments, trunks, extensions, apps, how scripts compile |
| \`--data FILE\` | keeps the state across restarts; written whole or not at all |
| \`--latency MS\` | delays every answer |
| \`--faults FILE\` | failures to play |
| \`--record FILE\` | writes every exchange as NDJSON, credentials left out |

In process, for tests of your own: \`import { startSandbox } from "callform"\`. The result also has \`console\`, for what an administrator
does by hand, and \`requests\`.

## A seed

\`\`\`yaml
departments: [{ name: SUPPORT }]
trunks: [{ number: "10001", name: provider }]
queues: [{ number: "820", name: Support queue }]
apps:
  - number: "806"
    name: afterhours
    routingType: Forward
    groups: [{ name: SUPPORT, role: users }]
compile: { delay: 300 }        # milliseconds until the compiler's verdict
\`\`\`

## Faults

A list; each strikes the nth request that matches, and as often as \`times\` says.

\`\`\`yaml
- match: { method: POST, path: CallFlowApps }
  nth: 2
  action: { type: reset, when: after }       # it took effect, the answer is lost
- action: { type: status, status: 429, headers: { Retry-After: "1" } }
  times: 3
\`\`\`

Actions: \`delay\` (milliseconds), \`reset\` (when: before or after it took effect), \`status\` (status, headers, body, when), \`truncate\`,
\`malformed\`, \`supersede\` (another program takes a token with the same client), \`restart\` (milliseconds), \`compile\` (verdict: refuse
or never, message).

## What there is

Every collection with its navigation properties, and these functions. Whatever else a PBX has is answered with 404, and the message
says that the sandbox does not simulate it.

| collection | methods |
|---|---|
${sets.join("\n")}

| function | method |
|---|---|
${functions.join("\n")}

## What it does, and how we know

${Object.entries(MARKS)
  .map(([mark, meaning]) => `- **${mark}** ${meaning}`)
  .join("\n")}

A behaviour with a switch can be turned to its other reading, in process with \`startSandbox({ quirks: { … } })\`.

${CHAPTERS.map(writeChapter).join("\n")}
### The API contract

Every test run holds what Callform sends and what the sandbox answers against 3CX's own OpenAPI description: path, method, query
options and the names in them, bodies, statuses. The description is read from \`../shared/xapi\` beside the checkout, or from the file or
folder that \`CALLFORM_XAPI_SPEC\` names; it is no part of this project, and without it the check is skipped and says so. A violation
fails the run, whatever the tests said, and the run ends with the operations and properties that were exercised. Answers that a
fault made up are left out, and of requests that tests send by hand only the answers are judged. Where live systems differ from
their own description, \`test/support/contract-deviations.ts\` names who saw it.

### Switches

| switch | as it is without one |
|---|---|
${switches.join("\n")}
`,
);
