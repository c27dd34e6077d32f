import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const LONGEST = 600_000;
/** What the peer itself needs is taken as it was on this day, so that every run measures the same programs. */
const AS_OF = "2026-11-01";

export interface Package {
  readonly name: string;
  readonly version: string;
}

/** Runs npm with these arguments in this folder. */
export type RunNpm = (args: readonly string[], folder: string) => Promise<void>;

/**
 * Installs a package into a folder of its own in the cache, once, and returns its node_modules folder. The registry is the one
 * that npm is set up with; no package may run a script. Throws with what npm said.
 */
export async function installPackage(
  { name, version }: Package,
  cache: string,
  run: RunNpm = runNpm,
): Promise<string> {
  const folder = path.join(cache, `${name}@${version}`);
  const done = path.join(folder, "installed");
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await run(["install", ...quiet, "--before", AS_OF, `${name}@${version}`], folder);
    writeFileSync(done, `${AS_OF}\n`);
  }
  return path.join(folder, "node_modules");
}

async function runNpm(args: readonly string[], folder: string): Promise<void> {
  await promisify(execFile)("npm", [...args], { cwd: folder, timeout: LONGEST });
}
