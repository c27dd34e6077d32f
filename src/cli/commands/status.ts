import { redactTexts } from "../../domain/redact.ts";
import { renderReportJson } from "../../render/plan/json.ts";
import { renderProblems } from "../../render/problems/text.ts";
import { countStates, renderRows, renderRowsMarkdown } from "../../render/reports/results.ts";
import type { Context } from "../context.ts";
import { EXIT_DIFFERENT } from "../exit-codes.ts";
import type { CommandFlags } from "../flags.ts";
import { withSessions } from "../remote.ts";

const ERRAND = { command: "status", purpose: "look" } as const;
const STATES = ["healthy", "unhealthy", "compiling", "missing"] as const;

/** `callform status`: 0 when every managed app is healthy, 2 when one is not. */
export async function status(
  context: Context,
  paths: readonly string[],
  flags: CommandFlags,
): Promise<number> {
  return withSessions(context, paths, flags, ERRAND, async ({ session, console }) => {
    const { statuses, problems } = redactTexts(context.redactor, await session.status());
    const rows = statuses.map((item) => ({ ...item, note: item.reason }));
    const summary = `Status: ${countStates(rows, STATES) || "nothing managed"}.`;
    console.err(renderProblems(problems, console.paintErr));
    if (flags.format === "json") console.out(renderReportJson("status", { statuses }, problems));
    else if (flags.format === "markdown")
      console.out(renderRowsMarkdown("Callform status", summary, rows, problems));
    else console.out(`${renderRows(rows, console.paintOut)}${console.paintOut("bold", summary)}\n`);
    return statuses.every(({ state }) => state === "healthy") ? 0 : EXIT_DIFFERENT;
  });
}
