import { createHash } from "node:crypto";
import {
  nameTarget,
  resolveTargets,
  type Connection,
  type Settings,
} from "../../app/settings/resolve.ts";
import type { Job } from "./job.ts";
import { makeFlags } from "./targets.ts";

/** Where a run signs in and with what, as far as it may be shown: what a review has to have seen before a secret is sent. */
export interface Destination {
  /** `https://pbx.example.com:5001` */
  readonly origin: string;
  /** Client and secret as the project file names them, references unresolved; empty where the workflow gives both. */
  readonly client: string;
  /** Hash of the authority that the target trusts; empty for those of the machine. */
  readonly ca: string;
}

export const DESTINATION_PARTS = ["origin", "client", "ca"] as const;

/** The destination in a value from outside; undefined where it is none. */
export function readDestination(value: unknown): Destination | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { origin, client, ca } = value as Partial<Record<keyof Destination, unknown>>;
  if (typeof origin !== "string" || typeof client !== "string" || typeof ca !== "string")
    return undefined;
  return { origin, client, ca };
}

/** What a connection of this run is. Throws ProblemError for a project that cannot be read. */
export async function describeDestination(
  job: Job,
  settings: Settings,
  { origin, ca }: Connection,
): Promise<Destination> {
  const targets = await resolveTargets(makeFlags(job), job.surroundings);
  const written = targets.find(({ name }) => name === nameTarget(settings));
  const secret = written?.clientSecret?.reveal() ?? "";
  // A secret that stands in the file is not shown; that it stands there is a warning of its own.
  const named = secret.includes("${") ? secret : "";
  return {
    origin,
    client: `${written?.clientId ?? ""} ${named}`.trim(),
    ca: ca === undefined ? "" : createHash("sha256").update(ca).digest("hex"),
  };
}
