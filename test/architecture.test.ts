import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  findImports,
  readSources,
  resolveImport,
  type SourceFile,
} from "./support/source/imports.ts";
import {
  EDGES,
  FREE_OF_EFFECTS,
  LAYERS,
  ROOT_FILES,
  SANDBOX_PACKAGES,
} from "./support/source/layers.ts";
import { LISTS, ROOMS } from "./support/source/rooms.ts";

const sources = readSources(path.resolve(import.meta.dirname, "../src"));

describe("the layers", () => {
  it("finds the source", () => {
    expect(sources.length).toBeGreaterThan(40);
  });

  it("has no folder that is not listed", () => {
    const strangers = sources
      .filter(({ name }) => !(layerOf(name) in LAYERS) && !ROOT_FILES.includes(name))
      .map(({ name }) => name);
    expect(strangers).toEqual([]);
  });

  it("imports only what the table allows", () => {
    expect(sources.flatMap(findBreaches)).toEqual([]);
  });

  it("has no cycle, type imports included", () => {
    expect(findCycle(sources)).toEqual([]);
  });

  it("keeps effects out of the pure layers", () => {
    const effect =
      /\b(process\.\w|console\.\w|fetch\(|Date\.now|new Date\(\)|setTimeout|setInterval|Math\.random)/;
    const guilty = sources.filter(
      ({ name, text }) => FREE_OF_EFFECTS.includes(layerOf(name)) && effect.test(text),
    );
    expect(guilty.map(({ name }) => name)).toEqual([]);
  });

  it("sees a sibling import, an unlisted package and a cycle when there is one", () => {
    const planted: SourceFile[] = [
      plant("engine/a.ts", ['import { x } from "../xapi/client.ts";']),
      plant("render/b.ts", ['import type { y } from "undici";']),
      plant("domain/c.ts", ['import type { d } from "./d.ts";']),
      plant("domain/d.ts", ['export { c } from "./c.ts";']),
    ];
    expect(planted.flatMap(findBreaches)).toEqual(["engine/a.ts -> xapi", "render/b.ts -> undici"]);
    expect(findCycle(planted)).toEqual(["domain/c.ts", "domain/d.ts", "domain/c.ts"]);
  });
});

describe("the rooms of a layer", () => {
  it("are all listed, from the ground up", () => {
    expect(sources.filter(({ name }) => roomOf(name) === undefined)).toEqual([]);
    for (const rooms of Object.values(ROOMS)) {
      const order = Object.keys(rooms);
      for (const [index, room] of order.entries())
        for (const below of rooms[room] ?? []) expect(order.slice(0, index)).toContain(below);
    }
  });

  it("have files in them, and arrows that are used", () => {
    const used = new Set(sources.flatMap(findSteps).map(({ from, to }) => `${from} -> ${to}`));
    const listed = Object.entries(ROOMS).flatMap(([layer, rooms]) =>
      Object.entries(rooms).flatMap(([room, below]) =>
        below.map((to) => `${layer}/${room} -> ${layer}/${to}`),
      ),
    );
    expect(listed.filter((arrow) => !used.has(arrow))).toEqual([]);
    const filled = new Set(sources.map(({ name }) => roomOf(name)));
    const rooms = Object.entries(ROOMS).flatMap(([layer, list]) =>
      Object.keys(list).map((room) => `${layer}/${room}`),
    );
    expect(rooms.filter((room) => !filled.has(room))).toEqual([]);
  });

  it("import only rooms below them", () => {
    expect(sources.flatMap(findSteps).filter(isClimb)).toEqual([]);
  });

  it("hold at most fourteen files beside each other", () => {
    const counts = new Map<string, number>();
    for (const { name } of sources) {
      const folder = path.posix.dirname(name);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    const halls = [...counts].filter(([folder, count]) => count > 14 && !LISTS.includes(folder));
    expect(halls).toEqual([]);
  });

  it("are seen to be breached: an arrow upwards, a step aside, a stranger", () => {
    const planted = [
      plant("manifest/yaml/a.ts", ['import { x } from "../load.ts";']),
      plant("manifest/archive/b.ts", ['import type { y } from "../overlay/read.ts";']),
      plant("manifest/load.ts", ['import { z } from "./yaml/a.ts";']),
      plant("app/doctor/network/c.ts", ['import { w } from "../diagnose.ts";']),
    ];
    expect(planted.flatMap(findSteps).filter(isClimb)).toEqual([
      { from: "manifest/yaml", to: "manifest/load.ts" },
      { from: "manifest/archive", to: "manifest/overlay" },
      { from: "app/doctor/network", to: "app/doctor" },
    ]);
    expect(roomOf("manifest/attic/d.ts")).toBeUndefined();
    expect(roomOf("manifest/e.ts")).toBeUndefined();
  });
});

describe("docs/architecture.md", () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../docs/architecture.md"), "utf8");
  const picture = /```text\n(.*?)```/s.exec(page)?.[1] ?? "";

  it("names only files and rooms that there are", () => {
    const files = new Set(sources.map(({ name }) => name));
    const folders = new Set([...files].flatMap(listFolders));
    const named = [...page.matchAll(/`([a-z][\w./-]*)`/g)].map(([, name = ""]) => name);
    const places = named.filter((name) => (name.split("/")[0] ?? "") in LAYERS);
    expect(places.length).toBeGreaterThan(60);
    const strangers = places.filter((name) => !files.has(name) && !folders.has(name));
    expect(strangers).toEqual([]);
    const others = named.filter((name) => /^(test|docs|schemas|scripts)\//.test(name));
    const root = path.resolve(import.meta.dirname, "..");
    expect(others.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });

  it("draws every layer and every room, and no other", () => {
    expect(readPicture(picture)).toEqual([...new Set(sources.flatMap(drawnFolders))].toSorted());
  });

  it("tells for every layer where a line lives", () => {
    const table = page.slice(page.indexOf("## Where does a line live?"));
    for (const layer of Object.keys(LAYERS)) expect(table).toContain(`\`${layer}`);
  });
});

describe("the size of files", () => {
  const sizes = sources.map(({ nonBlankLines }) => nonBlankLines).toSorted((a, b) => a - b);

  it("stays within the budget: none above 350, nine in ten at most 200, median at most 60", () => {
    expect(sizes.at(-1)).toBeLessThanOrEqual(350);
    expect(sizes[Math.floor(sizes.length * 0.9)]).toBeLessThanOrEqual(200);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(60);
  });

  it("is met by at least one and a half times as much test", () => {
    const tests = readSources(import.meta.dirname);
    const count = (files: readonly SourceFile[]): number =>
      files.reduce((sum, { nonBlankLines }) => sum + nonBlankLines, 0);
    expect(count(tests) / count(sources)).toBeGreaterThanOrEqual(1.5);
  });

  it("has no name that explains nothing", () => {
    const banned =
      /(^|[/-])(utils?|helpers?|common|misc|manager|handler|service|data|info)(\.|\/|-)/;
    expect(sources.map(({ name }) => name).filter((name) => banned.test(name))).toEqual([]);
  });
});

function layerOf(name: string): string {
  return name.split("/")[0] ?? "";
}

function findBreaches(source: SourceFile): string[] {
  const layer = layerOf(source.name);
  if (ROOT_FILES.includes(source.name)) return [];
  return source.imports
    .map((specifier) =>
      specifier.startsWith(".") ? layerOf(resolveImport(source.name, specifier)) : specifier,
    )
    .filter((target) => target !== layer && !isAllowed(layer, target))
    .map((target) => `${source.name} -> ${target}`);
}

function isAllowed(layer: string, target: string): boolean {
  const allowed = LAYERS[layer] ?? [];
  if (target.startsWith("node:") && EDGES.includes(layer)) return true;
  if (
    layer === "sandbox" &&
    SANDBOX_PACKAGES.some((name) => target === name || target.startsWith(`${name}/`))
  )
    return true;
  return allowed.includes(target);
}

/** The room of a file, as `layer/room`; a layer without rooms is one. Undefined for a file that the table does not place. */
function roomOf(name: string): string | undefined {
  const [layer = "", ...rest] = name.split("/");
  const rooms = ROOMS[layer];
  if (rooms === undefined || ROOT_FILES.includes(name)) return layer;
  const ways = rest.map((_, index) => rest.slice(0, rest.length - index).join("/"));
  const room = ways.find((way) => way in rooms) ?? (rest.length === 1 ? "." : "");
  return room in rooms ? `${layer}/${room}` : undefined;
}

interface Step {
  readonly from: string;
  readonly to: string;
}

/** The imports of a file that lead from its room to another of the same layer. */
function findSteps({ name, imports }: SourceFile): Step[] {
  const from = roomOf(name) ?? name;
  return imports
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => resolveImport(name, specifier))
    .filter((target) => layerOf(target) === layerOf(name))
    .map((target) => ({ from, to: roomOf(target) ?? target }))
    .filter(({ to }) => to !== from);
}

function isClimb({ from, to }: Step): boolean {
  const layer = layerOf(from);
  const below = ROOMS[layer]?.[from.slice(layer.length + 1)] ?? [];
  return !below.includes(to.slice(layer.length + 1));
}

/** The files of one cycle, its first file again at the end; empty when there is none. */
function findCycle(files: readonly SourceFile[]): string[] {
  const known = new Map(files.map((file) => [file.name, file]));
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): string[] => {
    const at = trail.indexOf(name);
    if (at >= 0) return [...trail.slice(at), name];
    if (done.has(name)) return [];
    const file = known.get(name);
    const next = (file?.imports ?? []).filter((specifier) => specifier.startsWith("."));
    for (const specifier of next) {
      const cycle = visit(resolveImport(name, specifier), [...trail, name]);
      if (cycle.length > 0) return cycle;
    }
    done.add(name);
    return [];
  };
  for (const { name } of files) {
    const cycle = visit(name, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/** Every folder that a file stands in, from its layer down. */
function listFolders(name: string): string[] {
  const parts = name.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** Layers and their rooms as the page draws them: two steps deep, as deeper ones are told in the text beside them. */
function drawnFolders({ name }: SourceFile): string[] {
  return listFolders(name).filter((folder) => folder.split("/").length <= 2);
}

/** The folders of the picture, whose indents say what is in what. */
function readPicture(picture: string): string[] {
  let layer = "";
  return picture
    .split("\n")
    .flatMap((line) => {
      const [, indent = "", name = ""] = /^( +)([\w-]+)\//.exec(line) ?? [];
      if (name === "") return [];
      if (indent.length === 2) layer = name;
      return [indent.length === 2 ? name : `${layer}/${name}`];
    })
    .toSorted();
}

function plant(name: string, lines: readonly string[]): SourceFile {
  const text = lines.join("\n");
  return { name, text, nonBlankLines: lines.length, imports: findImports(text, name) };
}
