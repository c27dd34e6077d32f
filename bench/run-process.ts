import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** One side of a comparison, as a process of its own. */
export interface Command {
  /** Arguments of node. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Exit codes that mean it did its work. */
  readonly codes?: readonly number[];
}

export interface Usage {
  /** Milliseconds from start to end. */
  readonly wall: number;
  /** Milliseconds of processor time. */
  readonly cpu: number;
  /** Bytes of memory at the peak. */
  readonly memory: number;
  readonly stdout: string;
}

/** Runs a process to its end. Throws with what it printed when it did not do its work. */
export async function runProcess({ args, cwd, env, codes = [0] }: Command): Promise<Usage> {
  const folder = mkdtempSync(path.join(tmpdir(), "callform-bench-"));
  const report = path.join(folder, "usage.json");
  const preload = path.join(import.meta.dirname, "measure.cjs");
  try {
    const started = performance.now();
    const child = spawn(process.execPath, ["--require", preload, ...args], {
      cwd,
      env: { PATH: process.env["PATH"], ...env, CALLFORM_BENCH_USAGE: report },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const wall = performance.now() - started;
    if (code === null || !codes.includes(code))
      throw new Error(
        `${args.join(" ")} ended with ${code}:\n${stderr.slice(0, 2000)}${stdout.slice(0, 500)}`,
      );
    const usage = JSON.parse(readFileSync(report, "utf8")) as { cpu: number; memory: number };
    return { wall, ...usage, stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
