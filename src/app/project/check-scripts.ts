import { CONFLICT_HINT } from "../../domain/text/conflict-markers.ts";
import type { Kind } from "../../domain/ports.ts";
import { findKind } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import { nameResource, type DesiredResource, type TextSource } from "../../domain/resource.ts";
import { reveal } from "../../domain/secret.ts";
import { locateInText } from "../../domain/text-place.ts";
import type { checkScript } from "../../script/check.ts";

interface ScriptText {
  readonly text: string;
  readonly source: TextSource;
}

/**
 * Syntax of every script in the manifests, each mistake at its place in the user's file. Warnings unless `strict`:
 * the grammar is wrong about once in sixty real files, and the PBX's compiler has the last word.
 */
export async function checkScripts(
  kinds: readonly Kind[],
  resources: readonly DesiredResource[],
  strict: boolean,
  check: typeof checkScript = rememberChecks(),
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const resource of resources)
    for (const { text, source } of listScripts(kinds, resource))
      for (const finding of await check(text))
        problems.push({
          // No compiler takes Git's marks for a script.
          severity: strict || finding.code === "script-conflict" ? "error" : "warning",
          code: finding.code,
          message: finding.message,
          at: locateInText(source, finding.start),
          ...(finding.code === "script-conflict" && { hint: CONFLICT_HINT }),
          subject: nameResource(resource),
        });
  return problems;
}

/** Checks each text once, whoever asks for it and when. What goes wrong is thrown to those who wait for it. */
export function rememberChecks(): typeof checkScript {
  const known = new Map<string, ReturnType<typeof checkScript>>();
  return (text) => {
    const begun = known.get(text);
    if (begun !== undefined) return begun;
    const findings = checkLazily(text);
    findings.catch(() => undefined);
    known.set(text, findings);
    return findings;
  };
}

/** The scripts of a resource, with where they stand. */
export function listScripts(kinds: readonly Kind[], resource: DesiredResource): ScriptText[] {
  const scripts: ScriptText[] = [];
  for (const field of Object.values(findKind(kinds, resource.kind).fileFields)) {
    const value = resource.fields[field];
    const source = resource.textSources[field];
    const text = value === undefined ? undefined : reveal(value);
    if (typeof text === "string" && source !== undefined) scripts.push({ text, source });
  }
  return scripts;
}

/** Most plans change no script, and the parser is a tenth of the program. */
const checkLazily: typeof checkScript = async (text) => {
  const script = await import("../../script/check.ts");
  return script.checkScript(text);
};
