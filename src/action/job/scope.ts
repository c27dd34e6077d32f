import path from "node:path";
import { nameTarget, type Settings } from "../../app/settings/resolve.ts";
import type { Job } from "./job.ts";

/**
 * What a target is called on GitHub: in check runs, comments, issues, deployments and files. A project that is not the root of the
 * repository has its folder in front, so that two projects with a target of the same name never take each other's places:
 * `production`, `cust/acme/production`.
 */
export function nameScope(job: Job, settings: Pick<Settings, "target">): string {
  return scopeName(job, nameTarget(settings));
}

/** {@link nameScope}, for a target of which no more than its name is known. */
export function scopeName({ inputs, surroundings: { cwd } }: Job, target: string): string {
  const folder = path.relative(cwd, path.resolve(cwd, inputs.project ?? "."));
  return [...folder.split(path.sep).filter((part) => part !== ""), target].join("/");
}
