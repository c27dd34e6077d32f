import { realpathSync } from "node:fs";
import path from "node:path";
import { writeUnifiedDiff } from "../../domain/plan/line-diff.ts";
import { maskDiff, maskLines, splitLines } from "../../domain/plan/mask/mask-lines.ts";
import type { Snapshot } from "../../domain/plan/plan.ts";
import { hasErrors, sortProblems, type Problem } from "../../domain/problem.ts";
import type { ResourceId } from "../../domain/resource.ts";
import type { Span } from "../../domain/spans.ts";
import { planPull, type PullPlan } from "../../engine/pull.ts";
import { kinds } from "../../kinds/index.ts";
import { commitFiles, type CommitFile } from "../../manifest/files/commit.ts";
import { realDisk } from "../../manifest/files/disk.ts";
import { restoreInterrupted } from "../../manifest/files/restore.ts";
import { keepsTracked } from "../../git/tracked.ts";
import { JOURNAL_FOLDER } from "../../manifest/files/journal.ts";
import { draftFiles, type FileDraft, type WriteHead } from "../../manifest/adopt/draft-files.ts";
import { matchesFilter } from "../settings/filter.ts";
import { listDescribed, loadResources, type Loaded } from "../project/manifests.ts";
import { judgeEdited, tellGone } from "./problems.ts";
import { findSuspects, tellSuspects } from "../secrets/scan-secrets.ts";
import { embeddings } from "../project/embeddings.ts";
import { hasLocalSchemas, localSchema, schemaModeline } from "../project/schemas.ts";
import { startReading } from "../session/live-state.ts";
import type { Reading } from "../session/read-all.ts";
import type { Settings } from "../settings/resolve.ts";

/** How to pull. */
export interface PullChoice {
  /** Keys to pull, beside those of `--only`; without any, all. */
  readonly numbers?: readonly string[];
  /** Only show what would be written. */
  readonly dryRun?: boolean;
  /** Overwrite files that Git could not give back, and references whose value has changed. */
  readonly force?: boolean;
  /** Kinds to pull; without it, the one that every run is about and those that have a manifest. */
  readonly kinds?: readonly string[];
  /** False leaves scripts alone, and out of new manifests. */
  readonly scripts?: boolean;
  /** New files to write with the others, all or none. */
  readonly also?: readonly { readonly path: string; readonly text: string }[];
}

export interface PulledFile {
  /** Relative to the working folder. */
  readonly file: string;
  readonly state: "created" | "updated";
  readonly resources: readonly ResourceId[];
  /** Unified, as patch programs read it. */
  readonly diff: string;
}

export interface PullReport {
  readonly dryRun: boolean;
  /** False when there is an error among the problems, or for a dry run. */
  readonly written: boolean;
  readonly files: readonly PulledFile[];
  /** Resources whose manifests say what the PBX has. */
  readonly unchanged: number;
  /** Resources with a manifest that the PBX does not have; their files were left. */
  readonly gone: readonly (ResourceId & { readonly file: string })[];
  readonly problems: readonly Problem[];
}

/**
 * Writes manifests and scripts so that they say what the PBX has: new files for what has none, and the changed fields of
 * those that are there, in place. Only reads the PBX. With an error among the problems nothing has been written. Throws
 * ProblemError when manifests or PBX cannot be read or the files not be written; then nothing has been written either.
 */
export async function pullFiles(request: Reading, choice: PullChoice): Promise<PullReport> {
  const { settings, stop } = request;
  const { root } = settings.project;
  const { dryRun = false, force = false, also = [] } = choice;
  const isTracked = (folder: string) => keepsTracked(folder, JOURNAL_FOLDER, stop);
  if (!dryRun && (await restoreInterrupted(root, realDisk, { isTracked })))
    request.onNote("a pull was stopped in the middle; its files were put back as they were");
  const { loaded, snapshot, elsewhere } = await readBoth(request, choice);
  const plan = choosePlan(settings, choice, loaded, snapshot, elsewhere);
  const { target, project, env, cwd } = settings;
  const drafted = await draftFiles({
    root,
    cwd,
    patterns: project.manifests,
    kinds,
    variables: target?.variables ?? {},
    secrets: env,
    embeddings,
    usedSecrets: loaded.secrets.map((secret) => secret.reveal()),
    resources: loaded.resources,
    ...plan,
    texts: choice.scripts !== false,
    force,
    head: await makeHead(root, also),
  });
  const suspects = await findSuspects(new Set(drafted.drafts.map(({ after }) => after.text)), stop);
  const texts = drafted.drafts.filter(({ isText }) => isText);
  const edited = force ? [] : await judgeEdited(drafted.drafts, root, stop);
  const problems = sortProblems([
    ...loaded.problems,
    ...plan.problems,
    ...drafted.problems,
    ...plan.gone.map((desired) => tellGone(desired)),
    ...edited,
    ...tellSuspects(
      texts.map(({ file, after }) => ({ file, text: after.text })),
      suspects,
    ),
  ]);
  const written = !dryRun && !hasErrors(problems);
  if (written) {
    const files = drafted.drafts.map((draft): CommitFile => ({
      path: draft.path,
      file: draft.file,
      before: draft.before?.bytes,
      after: draft.after.bytes,
    }));
    const more = also.map(({ path: file, text }) => nameAlso(root, file, text));
    await commitFiles([...more, ...files], { root, signal: stop });
  }
  return {
    dryRun,
    written,
    files: drafted.drafts.map((draft) => describeFile(draft, suspects)),
    unchanged: plan.unchanged.length,
    gone: plan.gone.map(({ kind, key, at }) => ({ kind, key, file: at.file })),
    problems,
  };
}

interface Both {
  readonly loaded: Loaded;
  readonly snapshot: Snapshot;
  readonly elsewhere: ReadonlySet<string>;
}

/** Manifests and PBX at the same time; a mistake in the first ends the reading of the second. */
async function readBoth(
  { settings, reader, redactor, stop }: Reading,
  { kinds: chosen, numbers = [] }: PullChoice,
): Promise<Both> {
  const giveUp = new AbortController();
  const signal = AbortSignal.any([stop, giveUp.signal]);
  const reading = startReading(reader, signal, chosen);
  try {
    // A project without any manifest is what pulling is for.
    const open = { ...settings, allowEmpty: true, paths: [] };
    const loaded = await loadResources(open, true, stop, reading.note);
    for (const secret of loaded.secrets) redactor.add(secret);
    const elsewhere = await listDescribed(open, stop);
    // What is looked up by its key may be named on the command line alone.
    const keys = [...settings.filter.only, ...numbers];
    const asked = (chosen ?? []).flatMap((kind) => keys.map((key) => ({ kind, key })));
    const snapshot = await reading.finish([...loaded.resources, ...asked]);
    return { loaded, snapshot, elsewhere };
  } catch (error) {
    giveUp.abort();
    throw error;
  }
}

function choosePlan(
  { filter, target }: Settings,
  { numbers = [], scripts, kinds: chosen }: PullChoice,
  { resources }: Loaded,
  snapshot: Snapshot,
  elsewhere: ReadonlySet<string>,
): PullPlan {
  const only = [...filter.only, ...numbers];
  const scratch = target?.policy.scratchNumber;
  return planPull({
    kinds,
    resources,
    elsewhere,
    snapshot,
    // What a trial compile left behind is nobody's app.
    selects: (id, labels) =>
      (chosen === undefined || chosen.includes(id.kind)) &&
      matchesFilter({ ...filter, only }, id, labels) &&
      (id.key !== scratch || only.includes(id.key)),
    named: [...only, ...filter.exclude],
    texts: scripts !== false,
  });
}

async function makeHead(root: string, also: NonNullable<PullChoice["also"]>): Promise<WriteHead> {
  const coming = new Set(also.map((file) => file.path));
  const local = new Map(
    await Promise.all(
      kinds.map(
        async ({ name }) =>
          [name, coming.has(localSchema(name)) || (await hasLocalSchemas(root, name))] as const,
      ),
    ),
  );
  return (kind, file) => schemaModeline(kind, file, local.get(kind) ?? false);
}

/** A diff is shown, and lives on in logs: what looks like a credential is in the file alone. */
function describeFile(
  { file, before, after, resources }: FileDraft,
  suspects: ReadonlyMap<string, readonly Span[]>,
): PulledFile {
  const found = suspects.get(after.text) ?? [];
  const diff = writeUnifiedDiff(file, before?.text, after.text);
  const shown = maskLines(after.text, found);
  return {
    file,
    state: before === undefined ? "created" : "updated",
    resources: resources.map(({ kind, key }) => ({ kind, key })),
    diff: found.length === 0 ? diff : maskDiff(diff, splitLines(before?.text ?? ""), shown),
  };
}

function nameAlso(root: string, file: string, text: string): CommitFile {
  const place = path.join(realpathSync.native(root), file);
  return { path: place, file, before: undefined, after: Buffer.from(text) };
}
