import { readdirSync } from "node:fs";
import { basename, dirname, isAbsolute, resolve, win32 } from "node:path";

import type { Problem, SourceSpan } from "../domain/problem.ts";
import { report } from "./codes.ts";
import { type Folders, readProjectFile, showPath } from "./folders.ts";
import { suggestName } from "./names.ts";

export type ScriptText =
  | { readonly file: string; readonly text: string; readonly problem?: undefined }
  | { readonly problem: Problem };

/**
 * The text of the file inside the project that a manifest in `folder` names as `name`, and the file as problems show
 * it. `namedAt` is where the manifest names it.
 */
export function readScript(
  name: string,
  folder: string,
  folders: Folders,
  namedAt: SourceSpan,
): ScriptText {
  if (isAbsolute(name) || win32.isAbsolute(name)) {
    const hint = "write the path relative to the manifest";
    return { problem: report("path-escape", `${name} is an absolute path`, { at: namedAt, hint }) };
  }
  const path = resolve(folder, name);
  const shown = showPath(folders.cwd, path);
  const file = readProjectFile(path, { shown, namedAt, missing: "script-missing-file" }, folders);
  if (file.problem?.code === "script-missing-file") {
    return { problem: { ...file.problem, ...suggestFile(path, name) } };
  }
  if (file.problem !== undefined) return { problem: file.problem };
  return file.text.trim() === ""
    ? { problem: refuseBlank(shown) }
    : { file: shown, text: file.text };
}

function refuseBlank(shown: string): Problem {
  return report("file-empty", `${shown} is blank: an app without a script answers no calls`, {
    at: { file: shown, line: 1, column: 1 },
    hint: "to leave the script to the admin console, remove the key that names the file",
  });
}

function suggestFile(path: string, name: string): { readonly hint?: string } {
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
