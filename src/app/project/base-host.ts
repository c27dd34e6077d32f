import { failure, ProblemError } from "../../domain/problem.ts";
import { checkOutBase } from "../../git/tree.ts";
import { PROJECT_FILE } from "../../manifest/files/folders.ts";
import { loadProject, type TargetConfig } from "../../manifest/project/load.ts";
import { nameHost, readAddress } from "../settings/address.ts";
import type { Connection, Settings } from "../settings/resolve.ts";

export interface BaseHostRequest {
  readonly settings: Settings;
  readonly connection: Connection;
  readonly onProgress: (text: string) => void;
  readonly onNote: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Throws ProblemError where there is a base and the project file at it did not name the host that credentials would go to:
 * a change must not choose it alone. A target that is new since may go to any host that the others had. What whoever runs
 * this named, in a flag or the environment, needs no base to vouch for it.
 */
export async function expectBaseHost(request: BaseHostRequest): Promise<void> {
  const { settings, connection } = request;
  const { base, hostBase } = settings;
  if (connection.hostNamed) return;
  if (base !== undefined) return compareHosts(request, base);
  if (hostBase === undefined) return;
  try {
    await compareHosts(request, hostBase);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems[0]?.code === CHANGED) throw error;
    request.onNote(
      `${error.message}; so nothing tells whether this change gave the target another host`,
    );
  }
}

const CHANGED = "host-changed";

async function compareHosts(request: BaseHostRequest, ref: string): Promise<void> {
  const { settings, connection, onProgress, signal } = request;
  const { project, env, target } = settings;
  const tree = await checkOutBase(project.root, ref, { only: PROJECT_FILE, signal, onProgress });
  try {
    const resolve = (names: readonly string[]): readonly string[] => names;
    const before = await loadProject(tree.root, { env, cwd: tree.root, resolve });
    const targets = before.project?.targets ?? [];
    const same = targets.filter(({ name }) => name === target?.name);
    const origins = listOrigins(same.length > 0 ? same : targets);
    if (origins.includes(connection.origin)) return;
    throw refuse(ref, connection, same.length > 0 ? origins[0] : undefined);
  } finally {
    await tree.dispose();
  }
}

function listOrigins(targets: readonly TargetConfig[]): string[] {
  return targets.flatMap(({ url = "" }) => {
    const reading = readAddress(url, true);
    return "problem" in reading ? [] : [reading.origin];
  });
}

/** `before` is where the target was, if there was such a target and its address can be told. */
function refuse(ref: string, { name, origin }: Connection, before: string | undefined): Error {
  const was = before === undefined ? "no target was there" : `it was at ${before}`;
  const host = nameHost(origin);
  return failure(
    CHANGED,
    `${name} is at ${origin} now, and at ${ref} ${was}: it gets no credentials`,
    {
      hint: `if that is meant, name the host for this run: --allow-host ${host}, CALLFORM_HOSTS=${host}, or the input hosts of the Action`,
    },
  );
}
