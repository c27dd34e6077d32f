import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderByReference } from "../../../src/domain/plan/graph.ts";
import { nameResource, type ResourceId } from "../../../src/domain/resource.ts";

interface Node extends ResourceId {
  readonly needs: readonly string[];
}

const KEYS = ["a", "b", "c", "d", "e", "f", "g"];

function order(nodes: readonly Node[]): ReturnType<typeof orderByReference<Node>> {
  return orderByReference(
    nodes,
    (node) => node,
    (node) => node.needs.map(identify),
  );
}

function identify(key: string): ResourceId {
  return { kind: "Widget", key };
}

function makeNode(key: string, ...needs: readonly string[]): Node {
  return { ...identify(key), needs };
}

/** Nodes that need any others, themselves and ones that are not there included. */
const anyNodes = fc
  .uniqueArray(
    fc.record({
      key: fc.constantFrom(...KEYS),
      needs: fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 3 }),
    }),
    { selector: ({ key }) => key },
  )
  .map((nodes) => nodes.map(({ key, needs }) => makeNode(key, ...needs)));

/** Nodes that need only those before them in the alphabet, in any order. */
const soundNodes = anyNodes.map((nodes) =>
  nodes.map(({ key, needs }) => makeNode(key, ...needs.filter((other) => other < key))),
);

/** Nodes from which no walk along the references comes back, found by walking. */
function findFree(nodes: readonly Node[]): Set<string> {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const isFree = (key: string, path: readonly string[]): boolean =>
    !path.includes(key) &&
    (byKey.get(key)?.needs ?? []).every((needed) => isFree(needed, [...path, key]));
  return new Set(nodes.filter(({ key }) => isFree(key, [])).map(({ key }) => key));
}

describe("the order of resources by their references", () => {
  it("puts everything that is needed into an earlier level", () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const { levels } = order(nodes);
        const levelOf = new Map(
          levels.flatMap((level, index) => level.map(({ key }) => [key, index] as const)),
        );
        const present = new Set(nodes.map(({ key }) => key));
        for (const { key, needs } of levels.flat())
          for (const needed of needs.filter((other) => present.has(other)))
            expect(levelOf.get(needed)).toBeLessThan(levelOf.get(key) ?? -1);
      }),
    );
  });

  it("finds a place for each exactly once where there is no circle", () => {
    fc.assert(
      fc.property(soundNodes, (nodes) => {
        const { levels, problems } = order(nodes);
        expect(problems).toEqual([]);
        expect(levels.flat().map(nameResource).toSorted()).toEqual(
          nodes.map(nameResource).toSorted(),
        );
      }),
    );
  });

  it("uses as few levels as the longest chain is long", () => {
    fc.assert(
      fc.property(soundNodes, (nodes) => {
        const byKey = new Map(nodes.map((node) => [node.key, node]));
        const depthOf = (key: string): number => {
          const needs = byKey.get(key)?.needs ?? [];
          return 1 + Math.max(0, ...needs.filter((other) => byKey.has(other)).map(depthOf));
        };
        expect(order(nodes).levels).toHaveLength(
          Math.max(0, ...nodes.map(({ key }) => depthOf(key))),
        );
      }),
    );
  });

  it("orders all that is in no circle, and names all the others in one problem", () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const free = findFree(nodes);
        const { levels, problems } = order(nodes);
        expect(new Set(levels.flat().map(({ key }) => key))).toEqual(free);
        const stuck = nodes.filter(({ key }) => !free.has(key)).map(nameResource);
        expect(problems.map(({ code }) => code)).toEqual(
          stuck.length === 0 ? [] : ["reference-cycle"],
        );
        for (const name of stuck) expect(problems[0]?.message).toContain(name);
      }),
    );
  });

  it("keeps the given order within a level", () => {
    const { levels } = order([makeNode("c"), makeNode("a"), makeNode("b", "a")]);
    expect(levels.map((level) => level.map(({ key }) => key))).toEqual([["c", "a"], ["b"]]);
  });

  it("does not count references to what is not to be ordered", () => {
    const { levels, problems } = order([makeNode("a", "elsewhere")]);
    expect([levels.flat().length, problems]).toEqual([1, []]);
  });

  it("says of a circle who is in it and what to do", () => {
    const { levels, problems } = order([makeNode("a", "b"), makeNode("b", "a"), makeNode("c")]);
    expect(levels.flat().map(({ key }) => key)).toEqual(["c"]);
    expect(problems).toEqual([
      {
        severity: "error",
        code: "reference-cycle",
        message:
          "these need each other in a circle, so none can be created first: Widget a, Widget b",
        hint: "remove one of the references between them",
      },
    ]);
  });

  it("takes one that needs itself for a circle", () => {
    expect(order([makeNode("a", "a")])).toMatchObject({ levels: [], problems: [{}] });
  });
});
