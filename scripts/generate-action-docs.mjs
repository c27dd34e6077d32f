// Writes the tables of inputs and outputs in docs/github-action.md from action.yml.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { emitFile } from "./generated-file.mjs";
import { ROOT } from "./manifest-schemas.mjs";

const FILE = join(ROOT, "docs/github-action.md");

const cell = (text) => text.trim().replaceAll("|", "\\|").replaceAll("\n", " ");

function writeDefault(value) {
  return value === undefined || value === "" ? "" : `\`${value}\``;
}

function replaceSection(text, name, table) {
  const start = `<!-- ${name}, by scripts/generate-action-docs.mjs -->\n`;
  const end = `<!-- end of ${name} -->`;
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/github-action.md has no place for ${name}`);
  return `${text.slice(0, from + start.length)}${table.join("\n")}\n${text.slice(to)}`;
}

const { inputs, outputs } = parse(readFileSync(join(ROOT, "action.yml"), "utf8"));
const tables = {
  inputs: [
    "| input | without it | what it is |",
    "|---|---|---|",
    ...Object.entries(inputs).map(
      ([name, { default: value, description }]) =>
        `| \`${name}\` | ${writeDefault(value)} | ${cell(description)} |`,
    ),
  ],
  outputs: [
    "| output | what it is |",
    "|---|---|",
    ...Object.entries(outputs).map(
      ([name, { description }]) => `| \`${name}\` | ${cell(description)} |`,
    ),
  ],
};

emitFile(
  FILE,
  Object.entries(tables).reduce(
    (text, [name, table]) => replaceSection(text, name, table),
    readFileSync(FILE, "utf8"),
  ),
);
