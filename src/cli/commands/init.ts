import path from "node:path";
import { DEFAULT_TARGET, initProject, type InitResult } from "../../app/starter/init.ts";
import { chooseKinds } from "../../app/pull/choose-kinds.ts";
import { pullFiles } from "../../app/pull/pull.ts";
import { resolveConnection, resolveSettings } from "../../app/settings/resolve.ts";
import type { NewFile } from "../../app/starter/compose.ts";
import { failure, hasErrors, ProblemError } from "../../domain/problem.ts";
import { redactTexts } from "../../domain/redact.ts";
import { renderProblems } from "../../render/problems/text.ts";
import type { Context } from "../context.ts";
import { EXIT_INTERRUPTED } from "../exit-codes.ts";
import type { CommandFlags } from "../flags.ts";
import { withSession } from "../remote.ts";

export interface InitFlags extends Pick<
  CommandFlags,
  "url" | "clientId" | "caFile" | "insecureHttp" | "logFile"
> {
  readonly target?: string;
  readonly fromPbx?: boolean;
  readonly keep?: boolean;
  readonly kind?: readonly string[];
}

/** `callform init`: a starter project in a folder; 0, 1 when something stands in its way, 130 when a question got no answer. */
export async function init(
  context: Context,
  dir: string | undefined,
  flags: InitFlags,
): Promise<number> {
  const { console, surroundings, stop } = context;
  const shown = dir ?? ".";
  const folder = path.resolve(surroundings.cwd, shown);
  const { fromPbx, keep = false, insecureHttp = false, target: _, kind, ...rest } = flags;
  const kinds = chooseKinds(kind);
  if (kind !== undefined && fromPbx !== true)
    throw failure("invalid-flag", "--kind goes with --from-pbx", {
      hint: "without it nothing is read from a PBX",
    });
  const answers = await askMissing(context, flags);
  if (answers === undefined) {
    console.err("\nNothing was written.\n");
    return EXIT_INTERRUPTED;
  }
  const { url, target } = answers;
  const reach = { ...rest, insecureHttp, project: folder, ...(url !== undefined && { url }) };
  const result = await initProject({
    folder,
    shown,
    target,
    url,
    insecureHttp,
    keep,
    signal: stop,
    ...(fromPbx === true && { pull: (files) => pullInto(context, reach, files, kinds) }),
  });
  console.out(render(result, shown, url));
  return 0;
}

/**
 * Asks on a terminal only, and only for what neither flags nor, where a PBX is read at once, the environment say; undefined when
 * a question got no answer. An empty answer says nothing.
 */
async function askMissing({ console, stop, surroundings }: Context, flags: InitFlags) {
  const ask = async (question: string): Promise<string | undefined> =>
    console.interactive ? console.ask(question, stop) : "";
  const known = flags.fromPbx === true ? surroundings.env["CALLFORM_URL"] || undefined : undefined;
  const given = flags.url ?? known;
  const url = given ?? (await ask("Address of the PBX (empty: to be said later): "));
  if (url === undefined) return undefined;
  const target = flags.target ?? (await ask(`What to call it (empty: ${DEFAULT_TARGET}): `));
  if (target === undefined) return undefined;
  return {
    url: given ?? (url || undefined),
    target: flags.target ?? (target || DEFAULT_TARGET),
  };
}

/** Writes the files and, with them, what the PBX has; the names of its manifests and scripts. */
async function pullInto(
  context: Context,
  flags: CommandFlags & { readonly project: string },
  files: readonly NewFile[],
  kinds: readonly string[] | undefined,
): Promise<readonly string[]> {
  const { console, redactor, surroundings } = context;
  const settings = await resolveSettings(flags, [], surroundings, "look");
  const connection = await resolveConnection(flags, settings);
  let names: readonly string[] = [];
  await withSession(context, { settings, connection, inFleet: false }, async ({ session }) => {
    const also = files.map(({ name, text }) => ({ path: name, text }));
    const report = redactTexts(
      redactor,
      await session.read((reading) => pullFiles(reading, { also, ...(kinds && { kinds }) })),
    );
    if (hasErrors(report.problems)) throw new ProblemError(report.problems);
    console.err(renderProblems(report.problems, console.paintErr));
    const places = report.files.map(({ file }) => path.resolve(surroundings.cwd, file));
    names = places.map((place) => path.relative(flags.project, place).replaceAll(path.sep, "/"));
    return 0;
  });
  return names;
}

function render({ created, kept }: InitResult, shown: string, url: string | undefined): string {
  const variables = ["CALLFORM_CLIENT_ID", "CALLFORM_CLIENT_SECRET"];
  if (url === undefined) variables.unshift("CALLFORM_URL");
  const list = (names: readonly string[]): string => names.map((name) => `  ${name}\n`).join("");
  return [
    created.length === 0
      ? "Everything was there already.\n"
      : `Created in ${shown}:\n${list(created)}`,
    ...(kept.length === 0 ? [] : [`\nLeft as they were:\n${list(kept)}`]),
    "\nNext:\n",
    `  set ${variables.join(", ")} in the environment\n`,
    ...(shown === "." ? [] : [`  cd ${shown}\n`]),
    "  callform validate\n",
    "  callform plan\n",
  ].join("");
}
