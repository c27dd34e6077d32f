import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { main, type Process } from "../../../src/cli/main.ts";
import type { Ran } from "./run.ts";

export interface InlineOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told everything the program has written to stderr so far, whenever there is more, and given a way to signal it. */
  readonly onStderr?: (text: string, signal: (name: "SIGINT" | "SIGHUP") => void) => void;
}

/** Runs one command line inside this process: for the many runs that need no process of their own. */
export async function runInline(args: readonly string[], options: InlineOptions): Promise<Ran> {
  const [stdout, stderr] = [collect(), collect()];
  const emitter = new EventEmitter();
  stderr.stream.on("data", () =>
    options.onStderr?.(stderr.text(), (name) => void emitter.emit(name)),
  );
  const process = Object.assign(emitter, {
    stdin: new PassThrough(),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { ...options.env },
    cwd: () => options.cwd,
  }) as unknown as Process;
  const code = await main(args, process);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collect(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
