import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import type { Redactor } from "../domain/redact.ts";
import { paintNothing, type Paint } from "../render/paint.ts";

/** The streams and surroundings of a process, as `bin.ts` finds them and tests make them. */
export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Everything a person sees goes through here. What goes to stderr passes the redactor once more, as others may have written it. */
export interface Console {
  /** Results, rendered from values whose secrets are masked: in a rendered JSON nothing can be replaced any more. */
  out(text: string): void;
  /** Problems and progress. */
  err(text: string): void;
  /** A line that the next one replaces; only on a terminal. */
  transient(text: string): void;
  /** True when somebody can be asked. */
  readonly interactive: boolean;
  /** The person's answer, trimmed. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  readonly paintOut: Paint;
  readonly paintErr: Paint;
}

/** For a terminal that does not say how wide it is. */
const DEFAULT_WIDTH = 80;
const CLEAR_LINE = "\r\u001B[2K";

export function createConsole(
  { stdin, stdout, stderr }: Streams,
  colours: ColourChoice,
  redactor: Redactor,
): Console {
  let dirty = false;
  const clear = (): void => {
    if (dirty) stderr.write(CLEAR_LINE);
    dirty = false;
  };
  return {
    out: (text) => {
      clear();
      stdout.write(text);
    },
    err: (text) => {
      clear();
      stderr.write(redactor.redact(text, "sure"));
    },
    transient: (text) => {
      if (!stderr.isTTY) return;
      const width = (stderr.columns || DEFAULT_WIDTH) - 1;
      stderr.write(CLEAR_LINE + redactor.redact(text, "sure").slice(0, width));
      dirty = true;
    },
    interactive: stdin.isTTY && stderr.isTTY,
    async ask(question, signal) {
      clear();
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return (await lines.question(redactor.redact(question, "sure"), { signal })).trim();
      } finally {
        lines.close();
      }
    },
    paintOut: choosePaint(stdout, colours),
    paintErr: choosePaint(stderr, colours),
  };
}

/** `--no-color`, NO_COLOR and FORCE_COLOR as no-color.org and Node read them. */
export type ColourChoice = "always" | "never" | "auto";

export function chooseColours(
  flag: boolean,
  env: Readonly<Record<string, string | undefined>>,
): ColourChoice {
  const [no, force] = [env["NO_COLOR"] ?? "", env["FORCE_COLOR"] ?? ""];
  if (!flag || no !== "" || force === "0" || force === "false") return "never";
  return force === "" ? "auto" : "always";
}

function choosePaint(stream: NodeJS.WriteStream, choice: ColourChoice): Paint {
  const on = choice === "always" || (choice === "auto" && stream.isTTY);
  if (!on) return paintNothing;
  return (colour, text) => styleText(colour, text, { validateStream: false });
}
