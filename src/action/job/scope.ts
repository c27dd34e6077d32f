import path from "node:path";
import type { Job } from "./job.ts";

/**
 * What a target is called on GitHub: in check runs, comments, issues, deployments and files. A project that is not the root of the
 * repository has its folder in front, so that two projects with a target of the same name never take each other's places:
 * `production`, `cust/acme/production`.
 */
export function nameScope(job: Job, target: string): string {
  return `${nameFolder(job)}${target}`;
}

/** The project's folder as it stands in front of its targets' names: empty, or with a slash at its end. */
export function nameFolder({ inputs, surroundings: { cwd } }: Job): string {
  const folder = path.relative(cwd, path.resolve(cwd, inputs.project ?? "."));
  const parts = folder.split(path.sep).filter((part) => part !== "");
  return parts.map((part) => `${part}/`).join("");
}
