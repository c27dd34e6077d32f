import { readdirSync } from "node:fs";
import { basename, dirname, isAbsolute, resolve, win32 } from "node:path";

import type { ArchiveRule } from "../../domain/ports.ts";
import type { Problem, SourceSpan } from "../../domain/problem.ts";
import { readArchive } from "../archive/read.ts";
import { report } from "../problems/codes.ts";
import { type Folders, readProjectFile, showPath } from "../files/folders.ts";
import { suggestName } from "../../domain/text/nearest-name.ts";

export type ScriptText =
  | {
      readonly file: string;
      readonly text: string;
      /** The archive that the file is in, and the key that it was built for where it says so. */
      readonly archive?: string;
      readonly builtFor?: string | undefined;
      readonly problem?: undefined;
    }
  | { readonly problem: Problem };

/**
 * The text of the file inside the project that a manifest in `folder` names as `name`, and the file as problems show
 * it. `namedAt` is where the manifest names it; `rule` says what to take from an archive, where one may be named.
 */
export function readScript(
  name: string,
  folder: string,
  folders: Folders,
  namedAt: SourceSpan,
  rule?: ArchiveRule,
): ScriptText {
  if (isAbsolute(name) || win32.isAbsolute(name)) {
    const hint = "write the path relative to the manifest";
    return { problem: report("path-escape", `${name} is an absolute path`, { at: namedAt, hint }) };
  }
  const path = resolve(folder, name);
  const shown = showPath(folders.cwd, path);
  const fileName = { shown, namedAt, missing: "script-missing-file" } as const;
  const file =
    rule !== undefined && name.toLowerCase().endsWith(rule.ending)
      ? readArchive(path, fileName, rule, folders)
      : readProjectFile(path, fileName, folders);
  if (file.problem?.code === "script-missing-file") {
    return { problem: { ...file.problem, ...suggestFile(path, name) } };
  }
  if (file.problem !== undefined) return { problem: file.problem };
  const script = { file: shown, ...file };
  return script.text.trim() === "" ? { problem: refuseBlank(script) } : script;
}

function refuseBlank(script: { readonly file: string; readonly archive?: string }): Problem {
  const { file, archive } = script;
  return report("file-empty", `${file} is blank: an app without a script answers no calls`, {
    at: { file, line: 1, column: 1, ...(archive !== undefined && { archive }) },
    hint: "to leave the script to the admin console, remove the key that names the file",
  });
}

/** A hint for a file that does not exist at `path`, where the user wrote `name`. */
export function suggestFile(path: string, name: string): { readonly hint?: string } {
  if (name.includes("\\")) return { hint: "write the path with forward slashes" };
  const nearest = suggestName(basename(path), listFolder(dirname(path)));
  return nearest === undefined ? {} : { hint: nearest };
}

/** The names in a folder. One that cannot be listed suggests nothing; that the file is missing has been said. */
function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
