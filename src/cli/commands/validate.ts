import { validateProject, type Validation } from "../../app/offline/validate.ts";
import { placeInRepository } from "../../app/offline/repository-places.ts";
import { resolveSettings } from "../../app/settings/resolve.ts";
import { hasErrors } from "../../domain/problem.ts";
import { renderGithub } from "../../render/problems/github.ts";
import { renderReportJson } from "../../render/plan/json.ts";
import { renderProblemList } from "../../render/plan/markdown.ts";
import { countProblems, renderProblems } from "../../render/problems/text.ts";
import { renderSarif } from "../../render/problems/sarif.ts";
import type { Context } from "../context.ts";
import type { CommandFlags } from "../flags.ts";
import { VERSION } from "../version.ts";

/** `callform validate`: 0 when there is no error. */
export async function validate(
  context: Context,
  paths: readonly string[],
  flags: CommandFlags,
): Promise<number> {
  const settings = await resolveSettings(flags, paths, context.surroundings, "offline");
  const validation = await validateProject(settings, context.stop);
  const { console } = context;
  if (flags.format === "text") console.err(renderProblems(validation.problems, console.paintErr));
  const { cwd, env } = context.surroundings;
  const machine = flags.format === "sarif" || flags.format === "github";
  const problems = machine ? placeInRepository(validation.problems, cwd, env) : validation.problems;
  console.out(render({ ...validation, problems }, flags.format));
  return hasErrors(validation.problems) ? 1 : 0;
}

function render(validation: Validation, format: string | undefined): string {
  const { problems, files, resources } = validation;
  const valid = !hasErrors(problems);
  const summary = summarize(validation);
  if (format === "json") return renderReportJson("validate", { valid, files, resources }, problems);
  if (format === "sarif") return renderSarif(problems, VERSION);
  if (format === "github") return renderGithub(problems);
  if (format !== "markdown") return `${summary}\n`;
  const list = problems.length === 0 ? "" : `\n${renderProblemList(problems)}\n`;
  return `## Callform validate\n\n**${summary}**\n${list}`;
}

function summarize({ problems, files, resources }: Validation): string {
  const found = countProblems(problems);
  const what = `${resources} ${resources === 1 ? "app" : "apps"} in ${files} ${files === 1 ? "file" : "files"}`;
  return `${hasErrors(problems) ? "Invalid" : "Valid"}: ${what}${found === "" ? "" : `, ${found}`}.`;
}
