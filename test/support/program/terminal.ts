import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { main, type Process } from "../../../src/cli/main.ts";

/** What happens at a question: keys that are typed, or something that the machine does. */
export type Answer =
  | string
  | { readonly signal: "SIGINT" | "SIGTERM" | "SIGHUP" }
  | { readonly input: "ends" | "fails" };

export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** For each question in turn. */
  readonly answers: readonly Answer[];
  /** Called before each answer, while the question waits. */
  readonly atQuestion?: () => Promise<void>;
}

export interface TerminalRun {
  readonly code: number;
  readonly questions: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const CTRL_C = "\u0003";
export const CTRL_D = "\u0004";

/** Runs one command line inside this process as if a person sat before it. */
export async function runOnTerminal(
  args: readonly string[],
  { cwd, env = {}, answers, atQuestion }: TerminalOptions,
): Promise<TerminalRun> {
  const streams = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  };
  const process = new EventEmitter();
  let [questions, stdout, stderr] = [0, "", ""];
  const fail = (): boolean =>
    streams.stdin.emit("error", Object.assign(new Error("read EIO"), { code: "EIO" }));
  const hangUp = (): void => {
    // As Node does for a terminal that is gone.
    Object.assign(streams.stdin, { setRawMode: fail });
    fail();
  };
  const react = (answer: Answer = CTRL_D): void => {
    if (typeof answer === "string") streams.stdin.write(answer);
    else if ("signal" in answer) process.emit(answer.signal);
    else if (answer.input === "ends") streams.stdin.end();
    else hangUp();
  };
  streams.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  streams.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (!text.endsWith(": ")) return;
    const answer = answers[questions];
    questions += 1;
    void Promise.resolve(atQuestion?.()).then(() => react(answer));
  });
  Object.assign(streams.stdin, { isTTY: true });
  Object.assign(streams.stderr, { isTTY: true });
  const terminal = Object.assign(process, { ...streams, env, cwd: () => cwd });
  const code = await main(args, terminal as unknown as Process);
  return { code, questions, stdout, stderr };
}
