import { realpath, stat } from "node:fs";

import { isInside } from "./folders.ts";

type Done<T> = (error: null, result: T) => void;

/** All that the search asks of what a link leads to. */
interface LinkTarget {
  isDirectory(): boolean;
}

const NO_FOLDER: LinkTarget = { isDirectory: () => false };

/**
 * The two functions with which a search of files follows symbolic links. A link to a folder outside `realRoot` is not
 * followed but noted in `escapes`, by its own path. A link that leads nowhere passes for a file, so that
 * reading it tells what is wrong instead of the search leaving it out.
 */
export function followLinks(realRoot: string, escapes: Set<string>) {
  const links = new Map<string, string>();
  return {
    realpath: new Proxy(realpath, {
      apply: (resolve, _self, [path, done]: [string, Done<string>]) => {
        resolve(path, (error, target) => {
          if (error === null) links.set(target, path);
          done(null, error === null ? target : path);
        });
      },
    }),
    stat: new Proxy(stat, {
      apply: (ask, _self, [path, done]: [string, Done<LinkTarget>]) => {
        ask(path, (error, stats) => {
          const outside = error === null && stats.isDirectory() && !isInside(realRoot, path);
          if (outside) escapes.add(links.get(path) ?? path);
          done(null, error !== null || outside ? NO_FOLDER : stats);
        });
      },
    }),
  };
}
