import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { recordSandbox } from "../contract/record/program.ts";

export interface Ran {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given the running process, to signal it. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Told everything the program has written to stderr so far, whenever there is more. */
  readonly onStderr?: (text: string, child: ChildProcess) => void;
}

/**
 * V8 compiles the C# grammar's WASM quickly and leaves it at that: a short run spends more than half of its time on
 * code that would be faster only in a long one.
 */
export const NODE_FLAGS: readonly string[] = ["--liftoff-only"];

/** Where the build under test keeps its command line. */
export function locateProgram(): string {
  const build = process.env["CALLFORM_TEST_BUILD"];
  if (build === undefined) throw new Error("the program was not built; run tests through vitest");
  return path.join(build, "cli/main.js");
}

/** Runs the built program as a process of its own, with nothing of this machine's environment but PATH. */
export async function runProgram(args: readonly string[], options: RunOptions): Promise<Ran> {
  const command = [...NODE_FLAGS, locateProgram(), ...recordSandbox(args, options.cwd)];
  const child = spawn(process.execPath, command, {
    cwd: options.cwd,
    env: { PATH: process.env["PATH"], ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  options.onStart?.(child);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    options.onStderr?.(stderr, child);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}
