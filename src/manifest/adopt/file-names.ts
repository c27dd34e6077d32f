import { posix } from "node:path";

import { matchNames } from "../files/match-patterns.ts";

/** Something that needs a file of its own. */
export interface Named {
  readonly key: string;
  readonly title: string;
}

/** The files of one resource, relative to the project folder, with forward slashes. */
export interface FileNames {
  readonly manifest: string;
  /** The manifest without its ending: texts stand beside it under the same name. */
  readonly stem: string;
}

export interface NameRequest {
  readonly patterns: readonly string[];
  readonly resources: readonly Named[];
  /** True for a name, without its ending, that a file of the project has already, upper and lower case the same. */
  readonly isTaken: (stem: string) => boolean;
}

const MAX_LENGTH = 60;
/** Names that Windows keeps for devices, whatever their ending. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;
/** For numbers that differ only in case, or in what no file name can have. */
const FURTHER = [2, 3, 4, 5];
const ENDINGS = [".yaml", ".yml"];
const USUAL_FOLDER = "apps";

/**
 * A file name for each, in the order given: from its title where that makes a name for every system and nobody else
 * wants it, else from its key. The same on every machine. Undefined where no pattern of the project would find one.
 */
export async function chooseFileNames(
  request: NameRequest,
): Promise<readonly (FileNames | undefined)[]> {
  const { resources, patterns, isTaken } = request;
  const wanted = resources.map(({ title }) => makeName(title));
  const counts = new Map<string | undefined, number>();
  for (const title of wanted) counts.set(title, (counts.get(title) ?? 0) + 1);
  const names = resources.map(({ key }, index): readonly string[] => {
    const title = wanted[index];
    const alone = title !== undefined && counts.get(title) === 1;
    const number = makeName(key.replaceAll("*", "star").replaceAll("#", "hash")) ?? "app";
    return [...(alone ? [title] : []), number, ...FURTHER.map((count) => `${number}-${count}`)];
  });
  const all = findPlaces(patterns);
  const candidates = names.flatMap((list) => list.flatMap((name) => placeName(name, all)));
  const found = await matchNames(
    patterns,
    candidates.map(({ manifest }) => manifest),
  );
  const given = new Set<string>();
  // One folder for all of them, or a name that is taken in one would be given in the next.
  const home = all.find(({ folder }) =>
    candidates.some(({ stem, manifest }) => posix.dirname(stem) === folder && found.has(manifest)),
  );
  const places = all.filter(({ folder }) => folder === home?.folder);
  return names.map((list) => {
    const free = list
      .flatMap((name) => placeName(name, places))
      .find(({ manifest, stem }) => found.has(manifest) && !given.has(stem) && !isTaken(stem));
    if (free !== undefined) given.add(free.stem);
    return free;
  });
}

/** A title as a file name: lower-case letters, digits and dashes. Undefined where that is no name, or one too long. */
function makeName(title: string): string | undefined {
  const name = title
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  // A name of which nothing but a digit or two is left says less than the number.
  const telling = /[a-z]/.test(name) || name === title;
  return telling && name !== "" && name.length <= MAX_LENGTH && !DEVICES.test(name)
    ? name
    : undefined;
}

function placeName(name: string, places: readonly Place[]): FileNames[] {
  return places.map(({ folder, ending }) => {
    const stem = posix.join(folder, name);
    return { stem, manifest: stem + ending };
  });
}

interface Place {
  readonly folder: string;
  readonly ending: string;
}

/** Where new manifests may go, the most usual first: `apps`, then where the patterns start to be patterns. */
function findPlaces(patterns: readonly string[]): Place[] {
  const starts = patterns
    .filter((pattern) => !pattern.startsWith("!"))
    .map((pattern) => posix.dirname(/^[^*?{}[\]()!@+]*/.exec(pattern)?.[0].concat("x") ?? "x"));
  const folders = [...new Set([USUAL_FOLDER, ...starts])];
  return folders.flatMap((folder) => ENDINGS.map((ending) => ({ folder, ending })));
}
