import { readPlainFile } from "../store/read-file.ts";

/** More than a webhook of GitHub may hold, and than anybody writes by hand. */
const MAX_MEBIBYTES = 32;

/** The text of a plain file that a flag or a runner names, or why it cannot be had, as a clause. */
export async function readInputFile(
  file: string,
): Promise<{ readonly text: string } | { readonly reason: string }> {
  return readPlainFile(file, MAX_MEBIBYTES);
}
