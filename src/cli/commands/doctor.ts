import { diagnose } from "../../app/doctor/diagnose.ts";
import { failure } from "../../domain/problem.ts";
import { redactTexts } from "../../domain/redact.ts";
import {
  renderCheck,
  renderDiagnosisMarkdown,
  writeCause,
} from "../../render/reports/diagnosis.ts";
import { renderReportJson } from "../../render/plan/json.ts";
import type { Context } from "../context.ts";
import type { CommandFlags } from "../flags.ts";

const DEFAULT_TIMEOUT = 5;
const MAX_TIMEOUT = 120;

export interface DoctorFlags extends CommandFlags {
  readonly timeout?: string;
}

/** `callform doctor`: 0 when no check failed. Text comes a check at a time, as some of them take seconds. */
export async function doctor(context: Context, flags: DoctorFlags): Promise<number> {
  const { console, redactor, surroundings, stop, abort } = context;
  const text = flags.format === undefined || flags.format === "text";
  const diagnosis = await diagnose({
    flags,
    surroundings,
    redactor,
    timeout: readTimeout(flags.timeout),
    signal: AbortSignal.any([stop, abort]),
    onStart: (name) => console.transient(`checking ${name}`),
    onCheck: (check) => {
      if (text) console.out(renderCheck(redactTexts(redactor, check), console.paintOut));
    },
  });
  const { target, url, checks, cause } = redactTexts(redactor, diagnosis);
  const last = writeCause(checks, cause);
  if (text) console.out(`\n${console.paintOut("bold", last)}\n`);
  else if (flags.format === "json")
    console.out(renderReportJson("doctor", { target, url, cause: cause?.name, checks }, []));
  else {
    const subject = [target, url].filter((part) => part !== undefined).join(" ");
    console.out(renderDiagnosisMarkdown(subject, checks, cause));
  }
  return cause === undefined ? 0 : 1;
}

/** Milliseconds. Throws ProblemError. */
function readTimeout(typed: string | undefined): number {
  if (typed === undefined) return DEFAULT_TIMEOUT * 1000;
  const seconds = Number(typed);
  if (/^\d+(\.\d+)?$/.test(typed) && seconds > 0 && seconds <= MAX_TIMEOUT)
    return Math.round(seconds * 1000);
  throw failure(
    "invalid-flag",
    `--timeout takes seconds, more than 0 and at most ${MAX_TIMEOUT}, not "${typed}"`,
  );
}
