import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** A program, or the reason why there is none. */
export type NodePlace = { readonly node: string } | { readonly absent: string };

const MAJOR = 24;
const CACHE = path.resolve(
  import.meta.dirname,
  `../../../node_modules/.cache/callform-node-${MAJOR}`,
);
const TIMEOUT = 120_000;

/** The Node that action.yml asks for: this one, or npm's package of it, fetched once and kept beside the other caches. */
export function locateNode24(): NodePlace {
  if (process.versions.node.startsWith(`${MAJOR}.`)) return { node: process.execPath };
  // The package `node` fetches one of these with an install script, which .npmrc does not let run.
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const file = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  const node = path.join(CACHE, "node_modules", name, file);
  if (existsSync(node)) return { node };
  const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  try {
    const args = ["install", "--prefix", CACHE, ...flags, `${name}@${MAJOR}`];
    execFileSync("npm", args, { stdio: "pipe", timeout: TIMEOUT, encoding: "utf8" });
  } catch (error) {
    const { stderr = String(error) } = error as { readonly stderr?: string };
    return {
      absent: `npm cannot give ${name}@${MAJOR}: ${stderr.trim().split("\n").at(-1) ?? ""}`,
    };
  }
  return existsSync(node) ? { node } : { absent: `${name}@${MAJOR} holds no ${file}` };
}
