import type { Redactor } from "../../domain/redact.ts";
import type { Span } from "../../domain/spans.ts";
import { Secret } from "../../domain/secret.ts";
import { findPastLines } from "../../git/work-files.ts";
import { makeTemplate } from "./template.ts";
import { isCredential } from "../../manifest/references/credentials.ts";
import type { Environment } from "../../manifest/project/load.ts";

/** What history says about secrets that Git no longer has. */
export interface PastSecrets {
  /** Where in a text of the PBX's something stands where a line of history had a secret. */
  find(text: string): readonly Span[];
}

export interface LearnRequest {
  readonly root: string;
  readonly env: Environment;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

const REFERENCE = /\$\{secret:([A-Z0-9_]+)\}/g;
/**
 * Has the redactor learn the value of every `${secret:NAME}` that history knows and of every variable whose name is that of a
 * credential, and gives where lines of history had secrets whose value is not known any more. Throws the reason of the signal.
 */
export async function learnSecrets(request: LearnRequest): Promise<PastSecrets> {
  const { root, env, redactor, signal } = request;
  const lines = await findPastLines(root, String.raw`\$\{secret:[A-Z0-9_]+\}`, signal);
  const named = lines.flatMap((line) => [...line.matchAll(REFERENCE)].map(([, name = ""]) => name));
  for (const name of new Set([
    ...named,
    ...Object.keys(env).filter((key) => isCredential(key, env[key])),
  ])) {
    const value = env[name];
    if (value !== undefined && value.trim() !== "") redactor.add(new Secret(value));
  }
  const templates = lines.flatMap(makeTemplate);
  return {
    find: (text) =>
      templates.flatMap((template) =>
        [...text.matchAll(template)].flatMap(({ indices }) =>
          [...(indices ?? [])].slice(1).flatMap((place) => {
            const [start, end] = place ?? [];
            return start === undefined || end === undefined ? [] : [{ start, end }];
          }),
        ),
      ),
  };
}
