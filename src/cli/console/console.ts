import { styleText } from "node:util";
import type { Redactor } from "../../domain/redact.ts";
import { paintNothing, type Paint } from "../../render/paint.ts";
import { readAnswer, type Streams } from "./ask.ts";
import { createOutlet } from "./outlet.ts";

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
  /** The person's answer, trimmed; undefined on Ctrl-C, Ctrl-D, a lost terminal or the signal. */
  ask(question: string, signal: AbortSignal): Promise<string | undefined>;
  /** True while a question waits for its answer, so that nothing is under way. */
  asking(): boolean;
  /** Waits until everything is written; why some of it could not be, or undefined. */
  finish(): Promise<string | undefined>;
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
  const [results, notes] = [createOutlet(stdout), createOutlet(stderr)];
  let [dirty, asking] = [false, false];
  /** Lines that came with the answer before them, as when two are pasted. */
  const ahead: string[] = [];
  const clear = (): void => {
    if (dirty) notes.write(CLEAR_LINE);
    dirty = false;
  };
  return {
    out: (text) => {
      clear();
      results.write(text);
    },
    err: (text) => {
      clear();
      notes.write(redactor.redact(text, "sure"));
    },
    transient: (text) => {
      if (!stderr.isTTY) return;
      const width = (stderr.columns || DEFAULT_WIDTH) - 1;
      notes.write(CLEAR_LINE + redactor.redact(text, "sure").slice(0, width));
      dirty = true;
    },
    interactive: stdin.isTTY && stderr.isTTY,
    async ask(question, signal) {
      clear();
      asking = true;
      const answer = await readAnswer(
        { stdin, stderr },
        redactor.redact(question, "sure"),
        signal,
        ahead,
      );
      asking = false;
      return answer;
    },
    asking: () => asking,
    async finish() {
      await Promise.all([results.flush(), notes.flush()]);
      return results.failure() ?? notes.failure();
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
