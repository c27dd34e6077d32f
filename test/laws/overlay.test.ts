import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { planWrites, type Snapshot } from "../../src/domain/plan/plan.ts";
import { hasErrors } from "../../src/domain/problem.ts";
import type { DesiredResource, LiveResource } from "../../src/domain/resource.ts";
import { nameResource } from "../../src/domain/resource.ts";
import { kinds } from "../../src/kinds/index.ts";
import type { LoadResult } from "../../src/manifest/load.ts";
import { renderManifestsJson, renderManifestsYaml } from "../../src/render/reports/manifests.ts";
import { callFlowAppCase, liveOf } from "../support/worlds/arbitraries.ts";
import { type Files, writeInto, writeProject } from "../support/project/manifest-project.ts";
import {
  appFiles,
  loadWorld,
  readContent,
  workOut,
  type World,
  worlds,
  writeManifests,
  writeOverlay,
} from "../support/worlds/overlay.ts";

const RUNS = { numRuns: 60 };
const OVERLAY = "overlays/target.yaml";

async function load(files: Files, overlays: readonly string[] = []): Promise<LoadResult> {
  return loadWorld(await writeProject(files), overlays);
}

function overlayOf({ patches }: World): string {
  return writeOverlay([...patches.values()].flat());
}

async function loadPatched(world: World): Promise<LoadResult> {
  return load({ ...appFiles(world), [OVERLAY]: overlayOf(world) }, [OVERLAY]);
}

async function check(law: (world: World) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(worlds, law), RUNS);
}

/** A world needs a manifest file, or there is nothing to load. */
const withFiles = worlds.filter(({ apps }) => apps.size > 0);

describe("an overlay", () => {
  it("that is empty changes nothing, not even a place", async () => {
    const law = async (world: World): Promise<void> => {
      const files = {
        ...appFiles(world),
        "overlays/a.yaml": writeOverlay([]),
        "overlays/b.yaml": "",
      };
      const plain = await load(files);
      const overlaid = await load(files, ["overlays/a.yaml", "overlays/b.yaml"]);
      expect(hasErrors(plain.problems)).toBe(false);
      expect(overlaid).toEqual(plain);
    };
    await fc.assert(fc.asyncProperty(withFiles, law), RUNS);
  });

  it("that merges what is there already changes no value", async () => {
    const law = async (world: World): Promise<void> => {
      const files = appFiles(world);
      // In a merge null takes a key out, so what is null is left out of it.
      const same = [...world.apps].map(([number, { spec, labels }]) => ({
        kind: "CallFlowApp",
        number,
        merge: {
          spec: Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null)),
          ...(labels !== undefined && { metadata: { labels } }),
        },
      }));
      const plain = await load(files);
      const merged = await load({ ...files, [OVERLAY]: writeOverlay(same) }, [OVERLAY]);
      expect(hasErrors(merged.problems)).toBe(false);
      expect(readContent(merged.resources)).toEqual(readContent(plain.resources));
    };
    await fc.assert(fc.asyncProperty(withFiles, law), RUNS);
  });

  it("that drops an app takes away that app and nothing else", async () => {
    const law = async (world: World, pick: number): Promise<void> => {
      const numbers = [...world.apps.keys()];
      const number = numbers[pick % numbers.length] ?? "";
      const files = appFiles(world);
      const drop = writeOverlay([{ kind: "CallFlowApp", number, drop: true }]);
      const plain = await load(files);
      const dropped = await load({ ...files, [OVERLAY]: drop }, [OVERLAY]);
      expect(hasErrors(dropped.problems)).toBe(false);
      expect(dropped.resources).toEqual(plain.resources.filter(({ key }) => key !== number));
    };
    await fc.assert(fc.asyncProperty(withFiles, fc.nat(), law), RUNS);
  });

  it("says the same as manifests that were changed by hand", async () => {
    await check(async (world) => {
      const patched = await loadPatched(world);
      const byHand = await load({ ...writeManifests(workOut(world)) });
      expect(dropNoFiles(patched.problems)).toEqual(dropNoFiles(byHand.problems));
      expect(readContent(patched.resources)).toEqual(readContent(byHand.resources));
    });
  });

  it("leads to the plan that manifests changed by hand lead to, whatever the PBX has", async () => {
    const pbx = fc.uniqueArray(liveOf(callFlowAppCase), {
      selector: ({ key }) => key,
      maxLength: 4,
    });
    const law = async (world: World, live: readonly LiveResource[]): Promise<void> => {
      const patched = await loadPatched(world);
      const byHand = await load({ ...writeManifests(workOut(world)) });
      const numbers = [...world.patches.keys()];
      const snapshot: Snapshot = new Map(
        live.map((item, index) => {
          const moved = { ...item, key: numbers[index] ?? item.key };
          return [nameResource(moved), moved];
        }),
      );
      expect(planOf(patched.resources, snapshot)).toEqual(planOf(byHand.resources, snapshot));
    };
    await fc.assert(fc.asyncProperty(worlds, pbx, law), RUNS);
  });

  it("may have its patches in any order, as long as each app's stay in theirs", async () => {
    const law = async (world: World, order: readonly number[]): Promise<void> => {
      const queues = [...world.patches.values()].map((list) => [...list]);
      const shuffled = order.flatMap((pick) => {
        const filled = queues.filter((queue) => queue.length > 0);
        return filled[pick % filled.length]?.splice(0, 1) ?? [];
      });
      const rest = queues.flat();
      const files = appFiles(world);
      const inTurn = await loadPatched(world);
      const mixed = await load(
        {
          ...files,
          "overlays/a.yaml": writeOverlay(shuffled),
          "overlays/b.yaml": writeOverlay(rest),
        },
        ["overlays/a.yaml", "overlays/b.yaml"],
      );
      expect(readContent(mixed.resources)).toEqual(readContent(inTurn.resources));
      expect(mixed.problems.map(({ code }) => code)).toEqual(
        inTurn.problems.map(({ code }) => code),
      );
    };
    await fc.assert(fc.asyncProperty(worlds, fc.array(fc.nat(), { maxLength: 12 }), law), RUNS);
  });

  it("gives the place of every value that it gives, and of no other", async () => {
    const met = { overlay: 0, manifest: 0 };
    await check(async (world) => {
      const { resources } = await loadPatched(world);
      for (const { key, fieldSpans } of resources) {
        const list = world.patches.get(key) ?? [];
        for (const [field, { file }] of Object.entries(fieldSpans)) {
          // What a patch does inside a list is told by the items, each with a place of its own.
          if (field.includes("/")) continue;
          const given = list.some((patch) => touches(patch, field));
          expect(file).toBe(given || !world.apps.has(key) ? OVERLAY : `apps/${key}.yaml`);
          met[given ? "overlay" : "manifest"] += 1;
        }
      }
    });
    expect(Math.min(met.overlay, met.manifest)).toBeGreaterThan(20);
  });

  it("that is damaged anywhere ends in problems with a place, or in manifests", async () => {
    const damage = fc.tuple(
      fc.nat(),
      fc.nat({ max: 6 }),
      fc.constantFrom("", "[", "- ", "x", "\n", "~", "null"),
    );
    const root = await writeProject({});
    const law = async (world: World, [at, length, put]: readonly [number, number, string]) => {
      for (const [name, text] of Object.entries(appFiles(world))) await writeInto(root, name, text);
      const text = overlayOf(world);
      const start = at % (text.length + 1);
      await writeInto(root, OVERLAY, text.slice(0, start) + put + text.slice(start + length));
      const { problems } = await loadWorld(root, [OVERLAY]);
      for (const { message, at: place, code } of problems) {
        expect(message).not.toMatch(/TypeError|undefined|\[object/);
        expect(place !== undefined || code === "no-manifests" || code === "yaml-syntax").toBe(true);
      }
    };
    await fc.assert(fc.asyncProperty(worlds, damage, law), { numRuns: 150 });
  });
});

/** An overlay may have every app that there is, and then no manifest file is left. */
function dropNoFiles(problems: LoadResult["problems"]) {
  return problems.filter(({ code }) => code !== "no-manifests").map(({ code }) => code);
}

function touches(patch: Readonly<Record<string, unknown>>, field: string): boolean {
  const { merge, patch: operations } = patch as {
    merge?: { spec?: Readonly<Record<string, unknown>> };
    patch?: readonly { readonly path: string; readonly op: string }[];
  };
  if (Object.hasOwn(merge?.spec ?? {}, field)) return true;
  return (operations ?? []).some(({ path, op }) => op !== "copy" && path === `/spec/${field}`);
}

/** The plan without its places. */
function planOf(resources: readonly DesiredResource[], snapshot: Snapshot): unknown {
  const changes = planWrites(kinds, resources, snapshot).map(({ change }) => change);
  const text = JSON.stringify(changes.toSorted((a, b) => (a.key < b.key ? -1 : 1)));
  return JSON.parse(text, (key, value: unknown) => (key === "at" ? undefined : value));
}

describe("rendered manifests", () => {
  async function render(root: string, overlays: readonly string[], patterns = ["apps/**/*.yaml"]) {
    const options = { secrets: undefined, rendering: true, patterns };
    const { renditions: manifests, problems } = await loadWorld(root, overlays, options);
    return { target: "here", manifests, problems };
  }

  it("read as what they were made from, whatever is in them", async () => {
    await check(async (world) => {
      const root = await writeProject({ ...appFiles(world), [OVERLAY]: overlayOf(world) });
      const made = await loadWorld(root, [OVERLAY]);
      const rendered = await render(root, [OVERLAY]);
      if (rendered.manifests.length === 0) return;
      await writeInto(root, "rendered.yaml", renderManifestsYaml(rendered));
      const read = await loadWorld(root, [], { patterns: ["rendered.yaml"] });
      expect(hasErrors(read.problems)).toBe(false);
      expect(readContent(read.resources)).toEqual(readContent(made.resources));
    });
  });

  it("render to themselves, but for the places", async () => {
    const values = (text: string): unknown =>
      JSON.parse(text).manifests.map(({ manifest }: { manifest: unknown }) => manifest);
    await check(async (world) => {
      const root = await writeProject({ ...appFiles(world), [OVERLAY]: overlayOf(world) });
      const once = await render(root, [OVERLAY]);
      if (once.manifests.length === 0) return;
      await writeInto(root, "rendered.yaml", renderManifestsYaml(once));
      const twice = await render(root, [], ["rendered.yaml"]);
      expect(values(renderManifestsJson(twice))).toEqual(values(renderManifestsJson(once)));
    });
  });

  it("hold no secret and nothing that is unfit to be shown", async () => {
    await check(async (world) => {
      const root = await writeProject({ ...appFiles(world), [OVERLAY]: overlayOf(world) });
      const text = renderManifestsYaml(await render(root, [OVERLAY]));
      expect(text).not.toContain("4711");
      expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##\w*\[|^\s*::/mu);
    });
  });
});
