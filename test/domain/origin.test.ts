import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalizeField, canonicalizeJson } from "../../src/domain/plan/canonical.ts";
import { diffResource, type Origin } from "../../src/domain/plan/diff.ts";
import type { Json } from "../../src/domain/json.ts";
import { planWrites } from "../../src/domain/plan/plan.ts";
import type { Entity } from "../../src/domain/ports.ts";
import type { DesiredResource } from "../../src/domain/resource.ts";
import { reveal, Secret } from "../../src/domain/secret.ts";
import { callFlowApp } from "../../src/kinds/call-flow-app.ts";
import {
  desiredOf,
  kindCases,
  makeDesired,
  makeLive,
  type KindCase,
} from "../support/worlds/arbitraries.ts";

/** A manifest at the base, the same one now, and the PBX, each with values of its own. */
function trioOf(kindCase: KindCase) {
  return fc.record({
    base: fc.option(desiredOf(kindCase), { nil: undefined }),
    now: desiredOf(kindCase),
    live: kindCase.properties.map((rest) => makeLive(kindCase.kind, "1", rest)),
  });
}

function expectOrigin(was: string | undefined, is: string | undefined, pbx: string): Origin {
  if (was === is) return "drift";
  return was === undefined || was === pbx ? "intended" : "conflict";
}

describe.each(kindCases)("the origin of a difference of a $name", (kindCase) => {
  const { kind } = kindCase;

  function canonicalize(name: string, value: Json | undefined): string {
    const comparison = kind.fields.find((field) => field.name === name)?.comparison ?? "exact";
    return canonicalizeJson(canonicalizeField(comparison, kind.complete(name, value ?? null)));
  }

  function readField(resource: DesiredResource | undefined, name: string): string | undefined {
    const value = resource?.fields[name];
    return value === undefined ? undefined : canonicalize(name, reveal(value));
  }

  it("changes nothing about which fields differ", () => {
    fc.assert(
      fc.property(trioOf(kindCase), ({ base, now, live }) => {
        const plain = diffResource(kind, now, live);
        const compared = diffResource(kind, now, live, { resource: base });
        expect(compared.map(({ field }) => field)).toEqual(plain.map(({ field }) => field));
        expect(plain.filter((change) => "origin" in change)).toEqual([]);
      }),
    );
  });

  it("is drift where Git stands still, intended where the PBX does, and else a conflict", () => {
    fc.assert(
      fc.property(trioOf(kindCase), ({ base, now, live }) => {
        for (const { field, origin } of diffResource(kind, now, live, { resource: base })) {
          const [was, is] = [readField(base, field), readField(now, field)];
          const pbx = canonicalize(field, live.fields[field]);
          expect(origin).toBe(base === undefined ? "conflict" : expectOrigin(was, is, pbx));
        }
      }),
    );
  });

  it("is intended throughout for what nobody has yet", () => {
    fc.assert(
      fc.property(desiredOf(kindCase), (now) => {
        const created = diffResource(kind, now, undefined, { resource: undefined });
        expect(created.filter(({ origin }) => origin !== "intended")).toEqual([]);
      }),
    );
  });

  it("hides the value of what was a secret at the base, because the PBX still has it", () => {
    fc.assert(
      fc.property(trioOf(kindCase), ({ base, now, live }) => {
        for (const change of diffResource(kind, now, live, { resource: base })) {
          const secret = [base, now].some((side) => side?.fields[change.field] instanceof Secret);
          expect(change.sensitive === true).toBe(secret);
          expect("before" in change || "after" in change).toBe(!secret);
        }
      }),
    );
  });
});

describe("the origin of a difference", () => {
  const FORWARD = { routingType: "Forward" };

  function judge(
    then: Record<string, Json> | undefined,
    live: Entity | undefined,
  ): (Origin | undefined)[] {
    const base = then && makeDesired(callFlowApp, "806", then);
    const pbx = live && makeLive(callFlowApp, "806", live);
    const now = makeDesired(callFlowApp, "806", FORWARD);
    return diffResource(callFlowApp, now, pbx, { resource: base }).map(({ origin }) => origin);
  }

  it.each([
    ["Git changed it", { routingType: "Trunk" }, { RoutingType: "Trunk" }, ["intended"]],
    ["Git began to manage it", {}, { RoutingType: "Trunk" }, ["intended"]],
    ["somebody changed it in the console", FORWARD, { RoutingType: "Trunk" }, ["drift"]],
    [
      "both changed it, differently",
      { routingType: "DialCode" },
      { RoutingType: "Trunk" },
      ["conflict"],
    ],
    ["both changed it to the same", { routingType: "DialCode" }, { RoutingType: "Forward" }, []],
    ["somebody made it in the console first", undefined, { RoutingType: "Trunk" }, ["conflict"]],
    ["somebody deleted it in the console", FORWARD, undefined, ["drift"]],
    ["somebody deleted what Git changed", { routingType: "Trunk" }, undefined, ["conflict"]],
    ["it is new", undefined, undefined, ["intended"]],
  ])("when %s", (_, then, live, origins) => {
    expect(judge(then, live)).toEqual(origins);
  });

  it("reaches the plan, where each resource has its own base", () => {
    const now = ["806", "807"].map((key) => makeDesired(callFlowApp, key, FORWARD));
    const base = new Map([["CallFlowApp 806", makeDesired(callFlowApp, "806", FORWARD)]]);
    const planned = planWrites([callFlowApp], now, new Map(), base);
    expect(planned.map(({ change }) => change.fields.map(({ origin }) => origin))).toEqual([
      ["drift"],
      ["intended"],
    ]);
  });
});
