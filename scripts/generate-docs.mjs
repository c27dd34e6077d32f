// Writes docs/manifest.md: the keys from the schemas, the problem codes from the source.
import { transform } from "esbuild";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

import { emitFile } from "./generated-file.mjs";
import { readManifestSchemas, ROOT } from "./manifest-schemas.mjs";

const TYPES = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  array: "list",
  object: "map",
  null: "null",
};

/** The codes module has only types to import, so without its types it runs as it stands. */
async function readCodes() {
  const source = readFileSync(join(ROOT, "src/manifest/problems/codes.ts"), "utf8");
  const { code } = await transform(source, { loader: "ts", format: "esm" });
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return Object.entries(module.MANIFEST_CODES);
}

function describeType(schema) {
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.type === undefined) return "any value";
  const types = [schema.type].flat().map((type) => TYPES[type]);
  if (schema.items?.type !== undefined && types.includes("list"))
    types[types.indexOf("list")] = `list of ${TYPES[schema.items.type]}s`.replace("texts", "text");
  return types.join(" or ");
}

/** A row for every key, deeper keys under their path. */
function* listRows(schema, path = "") {
  for (const [key, child] of listChildren(schema)) {
    const name = path === "" ? key : `${path}.${key}`;
    yield [
      `\`${name}\``,
      describeType(child),
      schema.required?.includes(key) ? "yes" : "",
      child.default === undefined ? "" : `\`${JSON.stringify(child.default)}\``,
      child.description ?? "",
    ];
    yield* listRows(child, name);
    if (child.items !== undefined) yield* listRows(child.items, `${name}[]`);
  }
}

function listChildren(schema) {
  return [
    ...Object.entries(schema.properties ?? {}),
    ...Object.values(schema.patternProperties ?? {})
      .filter(({ title }) => title !== undefined)
      .map((child) => [`<${child.title.toLowerCase()}>`, child]),
  ];
}

function renderTable(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function renderSchema({ name, schema, kind }) {
  const example = stringify(schema.examples[0], { lineWidth: 0, flowCollectionPadding: true });
  return `## ${schema.title}, \`kind: ${kind}\`

${schema.description}

Schema: [\`schemas/${name}\`](../schemas/${name}). An editor with a YAML language server checks a file and shows these
descriptions when the file starts with \`# yaml-language-server: $schema=\` and the path to the schema: [editors.md](editors.md).

\`\`\`yaml
${example.trimEnd()}
\`\`\`

${renderTable(["Key", "Type", "Required", "Default", "What it is"], [...listRows(schema)])}
`;
}

const REFERENCES = `## References

| Reference | Stands for | Where |
| --- | --- | --- |
| \`\${env:NAME}\` | the environment variable NAME | \`targets\` in the project file (but no file names of overlays), and what overlays put into manifests |
| \`\${var:NAME}\` | the variable NAME of the target | every value under \`metadata\`, \`spec\` and \`lifecycle\`, and scripts |
| \`\${secret:NAME}\` | the environment variable NAME, kept out of every output | values under \`spec\` (but no file names), and scripts |

- A name is made of capital letters, digits and \`_\`.
- \`$\${secret:NAME}\` is the text \`\${secret:NAME}\` itself; the same goes for the other two.
- C#'s own \`$"{x}"\`, and any other \`\${…}\`, is left as it is. What only nearly is a reference, such as \`\${Secret:x}\`, is an
  error in a manifest and a warning in a script.
- A value is not searched for references again after it was put in place.
- A field that any part of a secret went into is shown as changed or unchanged, never with its value.
- A secret has at least 4 characters and is no word of every report, such as \`true\` or \`update\`: the gaps where it is masked would say
  it (\`weak-secret\`). [What is masked, and where](security.md#what-is-masked).
- An environment variable that is set but empty counts as not set.
- Every reference without a value is listed, each with its place.

### Secrets in scripts

Put a secret into a string literal: it is escaped for just that literal, so that the string is the secret, whatever is in it.

| where the reference stands | a quote, a backslash, a line end in the secret |
| --- | --- |
| \`"\${secret:NAME}"\` | escaped: \`\\"\`, \`\\\\\`, \`\\n\` |
| \`@"\${secret:NAME}"\` | quotes doubled, the rest as it is; a carriage return is refused |
| \`$"…"\`, \`$@"…"\` | the same, and braces doubled |
| \`"""\${secret:NAME}"""\` | as it is; more lines only in a literal of several lines, where they are indented; refused where the quotes, or with \`$\` the braces, do not allow it |
| a comment or a directive | as it is, with a warning; refused where it would end the comment |
| code | a number or a name as it is, with a warning; anything else is refused |
| \`'…'\`, or right behind a backslash | refused |

What is refused is \`misplaced-secret\`, with its place. \`pull\` knows the escaped forms and leaves the reference where it stands.
`;

const SCRIPTS = `## Files

- A manifest file may hold several documents, separated by lines of \`---\`. It is YAML 1.2: \`yes\`, \`no\`, \`on\` and \`off\` are
  text, and \`<<\` does not merge. Anchors and aliases work; tags do not.
- A script is UTF-8 (or UTF-16 with a byte order mark, as some Windows editors write it). Its line ends do not matter.
- A \`scriptFile\` that ends in \`.zip\` is a package of 3CX's Call Flow Designer. The one script in its \`Sources\` folder is taken;
  the extension in its \`manifest.xml\`, if it names one, must be \`metadata.number\`. The package may have 64 MiB; its prompts are not
  uploaded. Problems in the script are told as \`apps/menu.zip/Sources/Main.cs:12:5\`.
- Manifests and scripts lie inside the project folder, symbolic links resolved, and are at most 5 MiB each.
- Files and folders whose names start with a dot, and \`node_modules\`, are never searched for manifests.
`;

const OVERLAYS = `## How overlays work

\`overlay\` of a target names a file, or several in order. \`callform render --target NAME\` shows what comes of it, each value with the
place that it is from.

- A patch changes a manifest as it is written, before references are resolved and before anything is checked. So everything that
  holds for a manifest holds for the result, and a problem is told at the line of the file that gave the value, be it the overlay.
- It can change \`spec\`, \`lifecycle\` and \`metadata.labels\`. Everything else is what an app is known by: to have it under another
  number, drop it and add another one, or write \`number: \${var:NAME}\` in the manifest.
- \`merge\` goes map by map. A list replaces the whole list. \`null\` takes a key out, so that the setting is no longer managed on this target:
  whatever the PBX has stays. To clear a setting, write \`[]\` for a list, or \`{ op: add, path: /spec/trunk, value: null }\` under \`patch\`.
- \`patch\` carries out its operations in order. When one cannot be carried out, none of them counts and the target has a problem. \`test\`
  compares with what is written: \`\${var:X}\` is that text.
- Patches of one app are applied in the order of the files and of the patches in them. For different apps the order means nothing.
- Each patch must find its app. To \`drop\` an app is to remove its manifest for this target: what \`policy.prune\` says happens to it.
- A \`scriptFile\` in an overlay is relative to the overlay's own file, and an overlay lies inside the project folder.
- When paths are given on the command line, apps that only an overlay has are left out, and patches of apps in other files are not
  missed.
- With \`--base\` the base is read with the overlay that the target had then.
`;

const manifests = readManifestSchemas().toSorted((a, b) => rank(a) - rank(b));

/** The project file first: it is what a reader writes first. */
function rank({ kind }) {
  return kind === "Project" ? 0 : 1;
}

const codes = (await readCodes()).map(([code, meaning]) => [`\`${code}\``, meaning]);
const text = `<!-- Generated by scripts/generate-docs.mjs from schemas/ and src/manifest/problems/codes.ts. Do not edit. -->

# Manifests

${manifests.map(renderSchema).join("\n")}
${OVERLAYS}
${SCRIPTS}
${REFERENCES}
## Problems

Every problem of every file is reported at once, as \`file:line:column severity code message\`.

${renderTable(["Code", "Meaning"], codes)}
`;
emitFile(join(ROOT, "docs/manifest.md"), text);
