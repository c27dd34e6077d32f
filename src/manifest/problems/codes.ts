import type { Problem, Severity, SourceSpan } from "../../domain/problem.ts";

/** Every code the manifest layer reports, and what it means. Stable within a major version. */
export const MANIFEST_CODES = {
  "alias-limit": "YAML aliases are nested, circular or expand to more than 10,000 values.",
  "archive-content": "A zip file is sound but does not hold what is expected in it.",
  "archive-invalid":
    "A zip file is damaged, encrypted, or made in a way that only hostile ones are.",
  "archive-key": "A package was built for another number than the manifest says.",
  "conflicting-keys": "Two keys of one map exclude each other.",
  "credential-reference":
    "A reference to a credential: to Callform's own, which is never a value, or to one that is not written as a secret.",
  "duplicate-key": "A key stands twice in one map; the second would silently win.",
  "duplicate-resource": "Two manifests describe the same object.",
  "file-binary": "The file holds NUL characters, so it is not text.",
  "file-empty": "A manifest file has no document in it, or a script file is blank.",
  "file-encoding": "The file is neither UTF-8 nor UTF-16 with a byte order mark.",
  "file-pointer":
    "Git LFS has left its pointer in the place of the file, because it was not fetched.",
  "file-skipped":
    "A YAML file that the patterns leave out for nothing but the case of its name: `a.YAML` beside `*.yaml`. A warning.",
  "file-too-large": "The file is larger than 5 MiB, or the package than 64 MiB.",
  "file-unreadable": "The file or folder is missing, is not a plain file, or may not be read.",
  "forbidden-key": "A key such as `__proto__` that JavaScript programs trip over.",
  "invalid-key": "A key that is not text, such as a number or a list.",
  "invalid-type": "A value of the wrong type, such as a number where text is needed.",
  "invalid-value": "A value that is not allowed here.",
  "literal-secret": "The client secret itself stands in the project file, and so in Git.",
  "merge-conflict": "A merge left Git's own marks in the file, from `<<<<<<<` to `>>>>>>>`.",
  "merge-key": "The YAML 1.1 merge key `<<` is not supported.",
  "misplaced-overlay": "An Overlay document stands among the manifests.",
  "misplaced-project": "A Project document stands among the manifests.",
  "misplaced-reference": "A reference of a kind that is not allowed in this place.",
  "misplaced-secret":
    "A secret in a script where its value would not be itself: outside of string literals, or in one that cannot hold it.",
  "missing-key": "A required key is absent.",
  "no-manifests":
    "A pattern or path names no manifest. Nothing found is never read as nothing wanted.",
  "overlay-failed": "An operation of an overlay that cannot be carried out on the manifest.",
  "overlay-missing-file": "The overlay file that a target names does not exist.",
  "overlay-scope": "An overlay changes something other than spec, lifecycle and metadata.labels.",
  "overlay-unmatched": "A patch of an overlay names an app that no manifest describes.",
  "path-escape": "A path leads out of the project folder, directly or through a symbolic link.",
  "pull-interrupted":
    "A pull is writing to the project, or was stopped in the middle; the next pull puts its files back.",
  "script-both": "A manifest names a script file and also holds the text.",
  "script-missing-file": "The script file that a manifest names does not exist.",
  "status-property": "A manifest sets a property that only the PBX writes.",
  "too-complex": "The YAML is nested deeper than 100 levels or has more than 500,000 tokens.",
  "unknown-api-version": "The `apiVersion` is not one that this version reads.",
  "unknown-key": "A key that does not exist here, often a misspelling.",
  "unknown-kind": "A `kind` that this version does not know.",
  "unknown-reference-scheme":
    "Something that looks like a `${…}` reference but is not one. In a script, a warning.",
  "unresolved-reference": "A variable or environment variable that is not set.",
  "weak-secret":
    "A secret of fewer than 4 characters, or a word of every report: the gaps where it is masked would say it.",
  "yaml-syntax": "The file is not valid YAML.",
  "yaml-tag": "A YAML tag such as `!!binary`, which manifests do not use.",
} as const satisfies Readonly<Record<string, string>>;

export type ManifestCode = keyof typeof MANIFEST_CODES;

export interface ProblemDetails {
  readonly at?: SourceSpan | undefined;
  readonly hint?: string | undefined;
  readonly subject?: string | undefined;
  readonly severity?: Severity;
}

/** A problem of this layer: an error unless said otherwise. */
export function report(code: ManifestCode, message: string, details: ProblemDetails = {}): Problem {
  const { at, hint, subject, severity = "error" } = details;
  return {
    severity,
    code,
    message,
    ...(at !== undefined && { at }),
    ...(hint !== undefined && { hint }),
    ...(subject !== undefined && { subject }),
  };
}

/** Adds one by one: a hostile file has more problems than a call may have arguments. */
export function addProblems(into: Problem[], problems: readonly Problem[]): void {
  for (const problem of problems) into.push(problem);
}
