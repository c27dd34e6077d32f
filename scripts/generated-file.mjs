// A generated file is written, or with --check compared, so that a stale one fails a test.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";

export function emitFile(path, text) {
  if (!process.argv.includes("--check")) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  if (readExisting(path) === text) return;
  console.error(`${relative(process.cwd(), path)} is stale; run: npm run generate`);
  process.exitCode = 1;
}

function readExisting(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
