import type { Kind } from "../domain/ports.ts";
import type { Problem } from "../domain/problem.ts";
import { nameResource, type DesiredResource } from "../domain/resource.ts";
import { reveal } from "../domain/secret.ts";
import { locateInText } from "../domain/text-place.ts";
import { checkScript } from "../script/check.ts";

/**
 * Syntax of every script in the manifests, each mistake at its place in the user's file. Warnings unless `strict`:
 * the grammar is wrong about once in sixty real files, and the PBX's compiler has the last word.
 */
export async function checkScripts(
  kinds: readonly Kind[],
  resources: readonly DesiredResource[],
  strict: boolean,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const resource of resources)
    for (const field of scriptFields(kinds, resource)) {
      const value = resource.fields[field];
      const source = resource.textSources[field];
      const text = value === undefined ? undefined : reveal(value);
      if (typeof text !== "string" || source === undefined) continue;
      for (const finding of await checkScript(text))
        problems.push({
          severity: strict ? "error" : "warning",
          code: finding.code,
          message: finding.message,
          at: locateInText(source, finding.start),
          subject: nameResource(resource),
        });
    }
  return problems;
}

function scriptFields(kinds: readonly Kind[], resource: DesiredResource): string[] {
  const kind = kinds.find(({ name }) => name === resource.kind);
  return Object.values(kind?.fileFields ?? {});
}
