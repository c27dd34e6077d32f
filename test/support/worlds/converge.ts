import type { Entity } from "../../../src/domain/ports.ts";
import { hasErrors } from "../../../src/domain/problem.ts";
import {
  nameResource,
  type DesiredResource,
  type LiveResource,
} from "../../../src/domain/resource.ts";
import type { ApplyResult } from "../../../src/domain/result.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { signVerdict } from "../../../src/domain/plan/standing/sign-verdict.ts";
import type { Kind, SentTexts } from "../../../src/domain/ports.ts";
import { createBench, desireApp, type Bench } from "../pbx/bench.ts";

const OLD = "class Old {}";
const GOOD = "class Good {}";
const BAD = "class Bad { REFUSE; }";
const WORSE = "class Worse { int x; REFUSE; }";
const GROUPS = [{ name: "DEFAULT", role: "users" }];
const LIMITS = { maxDeletes: 9, protect: [], unprotect: [], allowUnhealthy: [] };

/** Manifests, what the PBX has before, and what Git said at the base. */
export interface ConvergeWorld {
  readonly desired: readonly DesiredResource[];
  readonly apps?: readonly Entity[];
  readonly base?: readonly DesiredResource[];
}

const running: Entity = { Number: "800", Name: "x", RoutingType: "DialCode", ScriptCode: OLD };
const silent: Entity = {
  ...running,
  InvalidScript: true,
  CompilationSucceeded: false,
  CompilationLastSuccess: null,
};
const refused: Entity = {
  ...silent,
  ScriptCode: WORSE,
  RejectedCode: WORSE,
  CompilationResult: ":[1..2)E:CS0103:\nno such name",
};

/** Every state in which a run was seen to end otherwise than one that was not cut off. */
export const convergeWorlds: Readonly<Record<string, ConvergeWorld>> = {
  "a new app with a script": {
    desired: [
      desireApp("900", { name: "x", routingType: "Forward", groups: GROUPS, scriptCode: GOOD }),
    ],
  },
  "a new app with a script and nothing else": {
    desired: [desireApp("900", { name: "x", scriptCode: GOOD })],
  },
  "a new app without a script": {
    desired: [desireApp("900", { name: "x", routingType: "Forward" })],
  },
  "a new app with fields that are left to the console": {
    desired: [
      desireApp(
        "900",
        { name: "x", routingType: "Forward", groups: GROUPS, scriptCode: GOOD },
        { lifecycle: { protect: false, ignore: ["routingType", "groups", "scriptCode"] } },
      ),
    ],
  },
  "a new app whose script is refused": {
    desired: [desireApp("900", { name: "x", routingType: "Forward", scriptCode: BAD })],
  },
  "a new app whose script is refused, with nothing else": {
    desired: [desireApp("900", { name: "x", scriptCode: BAD })],
  },
  "a new app whose script gets no verdict": {
    desired: [desireApp("900", { name: "x", routingType: "Forward", scriptCode: "class HANG {}" })],
  },
  "an app that gets another script": {
    desired: [desireApp("800", { name: "y", routingType: "Forward", scriptCode: GOOD })],
    apps: [running],
  },
  "an app whose new script is refused": {
    desired: [desireApp("800", { name: "y", routingType: "Forward", scriptCode: BAD })],
    apps: [running],
  },
  "an app whose new script is refused, with nothing else": {
    desired: [desireApp("800", { scriptCode: BAD })],
    apps: [running],
  },
  "an app without a script that gets one": {
    desired: [desireApp("800", { routingType: "Forward", scriptCode: GOOD })],
    apps: [{ ...silent, ScriptCode: null }],
  },
  "an app with a refused script that gets a good one": {
    desired: [desireApp("800", { routingType: "Forward", scriptCode: GOOD })],
    apps: [refused],
  },
  "an app with a refused script that gets another bad one": {
    desired: [desireApp("800", { routingType: "Forward", scriptCode: BAD })],
    apps: [refused],
  },
  "an app with a refused script that is to keep it, beside a new one": {
    desired: [
      desireApp("800", { routingType: "Forward", scriptCode: WORSE }),
      desireApp("900", { name: "y", scriptCode: GOOD }),
    ],
    apps: [refused],
  },
  "an app under a new number": {
    base: [desireApp("800", { name: "x", scriptCode: OLD })],
    desired: [desireApp("900", { name: "x", routingType: "Forward", scriptCode: OLD })],
    apps: [running],
  },
  "an app under a new number whose script is refused": {
    base: [desireApp("800", { name: "x", scriptCode: OLD })],
    desired: [desireApp("900", { name: "x", routingType: "Forward", scriptCode: BAD })],
    apps: [running],
  },
  "a bad app among good ones": {
    desired: [
      desireApp("800", { name: "y", scriptCode: BAD }),
      desireApp("900", { name: "a", routingType: "Forward", scriptCode: BAD }),
      desireApp("901", { name: "b", routingType: "Forward" }),
      desireApp("902", { name: "c", scriptCode: GOOD }),
    ],
    apps: [running],
  },
};

/** How a PBX shows a text that it is compiling. */
export interface Nature {
  readonly compileTime: number;
  readonly showsSentText: boolean;
}

/** A cut at the so-manieth request of an apply, before or after it took effect. */
export interface Cut {
  readonly at: number;
  readonly effective: boolean;
}

export interface Ending {
  /** Every row, without what differs from one run to the next. */
  readonly rows: readonly string[];
  readonly code: number;
  /** Requests of the run that was not cut off. */
  readonly requests: number;
}

/** Applies, cut off there or not at all; after a cut once more, at once. */
export async function converge(world: ConvergeWorld, nature: Nature, cut?: Cut): Promise<Ending> {
  const kill = new AbortController();
  let [requests, armed] = [0, false];
  const strike = (effective: boolean): void => {
    if (!armed || cut === undefined) return;
    if (requests === cut.at && effective === cut.effective) kill.abort();
    kill.signal.throwIfAborted();
  };
  const bench = createBench({
    departments: ["DEFAULT"],
    apps: world.apps ?? [],
    latency: 5,
    ...nature,
    before: () => {
      if (armed) requests += 1;
      strike(false);
    },
    after: () => strike(true),
  });
  const sentTexts = createSentTexts();
  const run = async (signal: AbortSignal): Promise<readonly ApplyResult[]> => {
    const planned = await plan(bench, world, sentTexts);
    if (hasErrors(planned.plan.problems)) throw new Error("the plan must not be applied");
    armed = signal === kill.signal;
    const results = await bench.apply(planned, { stop: signal, abort: signal, sentTexts });
    armed = false;
    return results;
  };
  let results = await run(kill.signal);
  if (cut !== undefined) results = await run(new AbortController().signal);
  await bench.clock.sleep(200_000);
  const code = results.every(({ outcome }) => outcome === "applied") ? 0 : 1;
  return { rows: describeRows(bench), code, requests };
}

async function plan(bench: Bench, { desired, base }: ConvergeWorld, sentTexts: SentTexts) {
  const awaits = await sentTexts.read();
  const then = base?.map((resource) => [nameResource(resource), resource] as const);
  return bench.plan(desired, {
    limits: LIMITS,
    awaits,
    ...(then === undefined
      ? {}
      : { base: { commit: "0".repeat(40), resources: new Map(then) }, prune: "removed" }),
  });
}

/** What a machine keeps when a run on it is killed. */
function createSentTexts(): SentTexts {
  const notes = new Map<string, string>();
  const sign = (kind: Kind, live: LiveResource): string =>
    signVerdict(new Secret("a key"), kind, live);
  return {
    read: async () => (kind, live) => notes.get(nameResource(live)) === sign(kind, live),
    note: async (kind, live) => void notes.set(nameResource(live), sign(kind, live)),
    forget: async (id) => void notes.delete(nameResource(id)),
  };
}

const PASSING = new Set(["Id", "CompilationLastSuccess"]);

function describeRows({ pbx }: Bench): string[] {
  return pbx
    .rows("CallFlowApps")
    .map((row) => JSON.stringify(Object.entries(row).filter(([name]) => !PASSING.has(name))))
    .toSorted();
}
