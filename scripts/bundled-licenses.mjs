// The licences of the packages whose code is in a bundle, as the one file that travels with it.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Licences that ask no more than that their text is passed on. */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
]);

const HEADING = `Callform contains code of the packages below, each under its own licence.\n`;
const RULE = `\n${"=".repeat(80)}\n`;

/**
 * The text of the file: every package that esbuild's `metafile` names with name, version, licence and its text, in order
 * of name, then `more`: names of packages whose files are shipped without being bundled. Throws Error for a package that
 * has no licence file, or a licence that is not allowed.
 */
export function describeLicenses(root, metafile, more) {
  const folders = [
    ...listContents(metafile).flatMap((input) => findPackage(input) ?? []),
    ...more.map((name) => `node_modules/${name}`),
  ];
  const texts = new Map();
  for (const folder of new Set(folders)) {
    const { name, version, license, text } = readPackage(path.join(root, folder));
    if (!ALLOWED.has(license))
      throw new Error(
        `${name} ${version} is under ${license}, which is not among ${[...ALLOWED].join(", ")}`,
      );
    // The same package at the same version in two folders is one package.
    texts.set(`${name} ${version}`, `${RULE}${name} ${version}\nLicence: ${license}\n\n${text}\n`);
  }
  const named = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
  return HEADING + named.map(([, text]) => text).join("");
}

/** The files of which something is in the bundle; esbuild also reads some of which nothing is left. */
function listContents({ outputs }) {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0),
  );
}

/** The innermost package folder of a bundled file; undefined for our own. */
function findPackage(input) {
  return input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0];
}

function readPackage(folder) {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(folder, "package.json"), "utf8"),
  );
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file));
  if (!files.some((file) => !/^notice/i.test(file)))
    throw new Error(`no licence file in ${folder}`);
  const text = files.sort().map((file) => readLines(path.join(folder, file)));
  return { name, version, license: license ?? "no licence", text: text.join("\n\n") };
}

/** Line ends and blanks at the ends of lines would come back changed from Git. */
function readLines(file) {
  const lines = readFileSync(file, "utf8").split(/\r\n?|\n/);
  return lines
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}
