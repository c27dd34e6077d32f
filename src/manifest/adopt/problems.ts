import { nameResource, type ResourceId } from "../../domain/resource.ts";
import type { Problem, SourceSpan } from "../../domain/problem.ts";
import { joinNames, quoteText } from "../problems/names.ts";

/** What is told about one resource; `at` where its manifest stands, for one that has a manifest. */
export interface About {
  readonly id: ResourceId;
  readonly at?: SourceSpan | undefined;
}

function warn(code: string, message: string, { id, at }: About, hint: string): Problem {
  return {
    severity: "warning",
    code,
    message,
    ...(at === undefined ? {} : { at }),
    hint,
    subject: nameResource(id),
  };
}

export function tellLost(about: About, field: string, lost: readonly string[]): Problem {
  const names = joinNames([...new Set(lost)]).replace(/ or (?=[^ ]*$)/, " and ");
  const hint = lost.some((reference) => reference.startsWith("${secret:"))
    ? "set the new value where the secret comes from; --force writes it into the file"
    : "change the variable of the target in callform.yaml; --force writes the value over the reference";
  const message = `${field} has changed on the PBX where ${names} stands; it was left as it is`;
  return warn("pull-reference", message, about, hint);
}

export function tellOverlaid(about: About, field: string): Problem {
  const message = `${field} has changed on the PBX, and an overlay of the target gives it; it was left as it is`;
  return warn("pull-overlay", message, about, "change it in the overlay by hand");
}

export function tellArchived(about: About, field: string, archive: string): Problem {
  const message = `${field} has changed on the PBX, and ${archive} gives it; it was left as it is`;
  const hint = "build the package again, or name a text file in its place";
  return warn("pull-archive", message, about, hint);
}

export function tellBlank(about: About, field: string): Problem {
  const message = `the PBX has no ${field} for it; yours was left as it is`;
  return warn("pull-blank", message, about, "plan shows the difference; apply puts yours back");
}

export function tellLeftOut(about: About, field: string, reason: string): Problem {
  const message = `${field} was left out: what the PBX has cannot be written in a manifest: ${reason}`;
  return warn("pull-left-out", message, about, "the field stays as it is on the PBX");
}

export function refuseUnwritable(about: About, reason: string): Problem {
  const message = `${nameResource(about.id)} cannot be written as a manifest: ${reason}`;
  const hint = `correct it in the admin console, or leave it out with --exclude ${about.id.key}`;
  return { ...warn("pull-unwritable", message, about, hint), severity: "error" };
}

export function refuseEdit(about: About, fields: readonly string[]): Problem {
  const message = `${joinNames(fields).replace(" or ", " and ")} cannot be changed here without changing more`;
  const hint = "the YAML is written in a way that this version cannot edit; change it by hand";
  return { ...warn("pull-edit", message, about, hint), severity: "error" };
}

export function refuseShared(about: About, file: string, other: ResourceId): Problem {
  const message = `${file} is also the script of ${nameResource(other)}, and the two differ on the PBX`;
  const hint = "give one of them a file of its own, then pull again";
  return { ...warn("pull-shared", message, about, hint), severity: "error" };
}

export function refusePlace(about: About, patterns: readonly string[]): Problem {
  const message = `there is no place for a manifest of ${nameResource(about.id)}: ${quoteText(patterns.join(", "))} would not find it`;
  const hint = 'add "apps/**/*.yaml" to manifests in callform.yaml';
  return { ...warn("pull-no-place", message, about, hint), severity: "error" };
}
