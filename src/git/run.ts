import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

import { prepareEnvironment, SETTINGS } from "./environment.ts";
import { refuseFailedGit, refuseMissingGit, refuseSlowGit } from "./refusals.ts";

export interface CallOptions {
  /** Written to its stdin. */
  readonly input?: string;
  /** It is stopped once it has printed more. */
  readonly maxBytes?: number;
  /** It is stopped after this many milliseconds. */
  readonly timeout?: number;
}

export interface GitAnswer {
  /** The exit code; -1 when a signal ended it. */
  readonly code: number;
  readonly stdout: Buffer;
  /** The reason it gave on stderr, in one line without credentials. */
  readonly complaint: string;
  /** It printed more than it may, and was stopped. */
  readonly truncated: boolean;
}

/**
 * Runs one git command in a fixed folder; never a shell, a hook or a prompt. A failed command is an answer. Throws
 * ProblemError when git cannot be run or takes too long, and the reason of the signal on abort, once git has ended.
 */
export type Git = (args: readonly string[], options?: CallOptions) => Promise<GitAnswer>;

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_STDERR = 64 * 1024;
const TIMEOUT = 60_000;
/** How long a process that is asked to end may take its lock files away, and its stderr may stay open after it. */
const GRACE = 2000;

/** Git for one folder, under one signal. */
export function createGit(folder: string, signal: AbortSignal | undefined): Git {
  return async (args, options = {}) => {
    signal?.throwIfAborted();
    const { timeout = TIMEOUT } = options;
    const late = AbortSignal.timeout(timeout);
    const stop = AbortSignal.any(signal === undefined ? [late] : [signal, late]);
    const answer = await attend(start(folder, args), options, stop);
    signal?.throwIfAborted();
    if (late.aborted && answer.code !== 0) throw refuseSlowGit(nameCommand(args), timeout);
    return answer;
  };
}

/** The stdout of a command that has to succeed, or ProblemError. */
export async function askGit(
  git: Git,
  args: readonly string[],
  options?: CallOptions,
): Promise<Buffer> {
  const { code, stdout, complaint, truncated } = await git(args, options);
  if (truncated) throw refuseFailedGit(nameCommand(args), "it printed more than is sensible");
  if (code !== 0) throw refuseFailedGit(nameCommand(args), complaint);
  return stdout;
}

function nameCommand(args: readonly string[]): string {
  return `git ${args.find((arg, index) => arg !== "-c" && args[index - 1] !== "-c") ?? ""}`;
}

function start(folder: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn("git", [...SETTINGS, "-C", folder, ...args], {
    env: prepareEnvironment(process.env),
    // A group of its own: what fetch starts ends with it, and ssh finds no terminal to ask on.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
}

function attend(
  child: ChildProcessWithoutNullStreams,
  { input = "", maxBytes = MAX_BYTES }: CallOptions,
  signal: AbortSignal,
): Promise<GitAnswer> {
  const output: Buffer[] = [];
  let size = 0;
  let stderr = "";
  const ended = new AbortController();
  const stop = (): void => endProcess(child, ended.signal);
  signal.addEventListener("abort", stop, { signal: ended.signal });
  child.stdout.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) output.push(chunk);
    else if (size - chunk.length <= maxBytes) stop();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR);
  });
  // A child that ends before it has read everything says why in its exit code.
  child.stdin.on("error", () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      ended.abort();
      reject(refuseMissingGit(error.code === "ENOENT" ? "it is not in PATH" : error.message));
    });
    // The background connection that ssh may leave behind (ControlPersist) keeps stderr open for minutes.
    child.once("exit", () => allowGrace(() => child.stderr.destroy(), ended.signal));
    child.once("close", (code) => {
      ended.abort();
      const stdout = Buffer.concat(output);
      const complaint = readComplaint(stderr);
      resolve({ code: code ?? -1, stdout, complaint, truncated: size > maxBytes });
    });
  });
}

function endProcess(child: ChildProcessWithoutNullStreams, ended: AbortSignal): void {
  endGroup(child, "SIGTERM");
  allowGrace(() => endGroup(child, "SIGKILL"), ended);
}

function allowGrace(act: () => void, ended: AbortSignal): void {
  const timer = setTimeout(act, GRACE);
  ended.addEventListener("abort", () => clearTimeout(timer));
}

function endGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended by itself meanwhile, which is what was wanted.
  }
}

const VERDICT = /^(?:fatal|error): /;

/**
 * What git's stderr comes down to, in one line: its last verdict, or else its last line. Credentials that a URL
 * carries are taken out, as are control characters, which a remote may have sent.
 */
export function readComplaint(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.replaceAll(/\p{Cc}/gu, "").trim())
    .filter((line) => line !== "");
  const line = lines.findLast((candidate) => VERDICT.test(candidate)) ?? lines.at(-1);
  const said = (line ?? "it gave no reason").replace(VERDICT, "");
  return said.replaceAll(/(?<=:\/\/)[^\s/]+@/g, "");
}
