import { describeHead, isAncestor } from "../../git/tree.ts";

/** What a clone knows of its own history, without asking anybody. */
export interface History {
  /** The commit that is checked out, and whether files differ from it; undefined where there is no repository. */
  readonly head: { readonly commit: string; readonly dirty: boolean } | undefined;
  /** Whether a commit is another one or in its history; undefined where this clone cannot tell. */
  contains(newer: string, older: string): Promise<boolean | undefined>;
}

/** The history of the clone that a folder lies in. Throws ProblemError when git fails. */
export async function openHistory(folder: string, signal: AbortSignal): Promise<History> {
  return {
    head: await describeHead(folder, signal),
    contains: async (newer, older) =>
      newer === older || (await isAncestor(folder, older, newer, signal)),
  };
}
