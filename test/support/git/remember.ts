import { onTestFinished } from "vitest";
import type * as tree from "../../../src/git/tree.ts";

/**
 * What git says of a folder, asked for once in a test: for a sweep whose hundreds of runs differ in what the PBX does,
 * while starting git would be most of their cost. Give it to `vi.mock` in the place of `src/git/tree.ts`.
 */
export function rememberGit(git: typeof tree): typeof tree {
  const bases = new Map<string, Promise<tree.BaseTree>>();
  const heads = new Map<string, ReturnType<typeof git.describeHead>>();
  return {
    ...git,
    async checkOutBase(folder, ref) {
      const key = `${folder}\0${ref}`;
      const known = bases.get(key) ?? git.checkOutBase(folder, ref, {});
      if (!bases.has(key)) onTestFinished(async () => (await known).dispose());
      bases.set(key, known);
      return { ...(await known), dispose: async () => undefined };
    },
    describeHead(folder) {
      const known = heads.get(folder) ?? git.describeHead(folder);
      heads.set(folder, known);
      return known;
    },
  };
}
