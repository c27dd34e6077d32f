import { createInterface } from "node:readline";

/** The streams and surroundings of a process, as `bin.ts` finds them and tests make them. */
export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * The next line that a person types, trimmed; undefined on Ctrl-C, Ctrl-D, a lost terminal or the signal. What is typed ahead is
 * kept in `ahead` for the next question.
 */
export async function readAnswer(
  { stdin, stderr }: Pick<Streams, "stdin" | "stderr">,
  question: string,
  signal: AbortSignal,
  ahead: string[],
): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const lines = createInterface({ input: stdin, output: stderr });
  let left = false;
  const leave = (): void => {
    if (!left) {
      left = true;
      lines.close();
    }
  };
  // A terminal that was hung up fails to be read, and again when closing sets it back, while and after `lines` listens.
  stdin.on("error", leave);
  lines.on("error", leave);
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await new Promise((resolve) => {
      lines
        .on("line", (line) => ahead.push(line))
        .once("line", () => resolve(ahead.shift()?.trim()));
      lines.once("close", () => resolve(undefined));
      lines.setPrompt(question);
      lines.prompt();
      const known = ahead.shift();
      if (known !== undefined) resolve(known.trim());
    });
  } finally {
    leave();
    signal.removeEventListener("abort", leave);
  }
}
