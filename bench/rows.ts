import path from "node:path";
import { comparePair, type Comparison, type PairOptions } from "./pair.ts";
import { startPbx, type BenchPbx } from "./pbx.ts";
import type { Counts, StartMessage } from "./pbx-process.ts";
import { makeProject, type BenchProject, type ProjectShape } from "./project-files.ts";
import { runProcess, type Command } from "./run-process.ts";
import { makeTls } from "./tls.ts";

/** What is promised of a row, in words and as a check of what was measured. */
export interface Bar {
  readonly text: string;
  readonly holds: (result: Measured) => boolean;
}

export interface Measured {
  readonly comparison?: Comparison;
  /** What Callform sent in one run. */
  readonly counts?: Counts;
  /** Seconds that run took, where it stands alone. */
  readonly seconds?: number;
  readonly note?: string;
}

export interface Row {
  readonly name: string;
  readonly work: string;
  readonly bars: readonly Bar[];
  /** Pairs that are enough for it. */
  readonly pairs: number;
  readonly run: (options: PairOptions) => Promise<Measured>;
}

const CLI = path.resolve(import.meta.dirname, "cli/main.js");
const floor = (name: string): string => path.join(import.meta.dirname, `floor/${name}.js`);
const PAGE = 100;

export const rows: readonly Row[] = [
  {
    name: "version",
    work: "`callform --version` against `node -e 0`",
    bars: [wallAtMost(1.6)],
    pairs: 15,
    run: async (options) => ({
      comparison: await comparePair(
        command([CLI, "--version"], process.cwd(), {}),
        command(["-e", "0"], process.cwd(), {}),
        options,
      ),
    }),
  },
  planRow("plan-1000", "no-op plan, 1,000 apps with 6 KB scripts, 50 ms latency", {
    apps: 1000,
    latency: 50,
    bars: [wallAtMost(1.25), fewestRequests(1000)],
    pairs: 7,
  }),
  planRow("plan-1000-tls", "the same through TLS", {
    apps: 1000,
    latency: 50,
    tls: true,
    bars: [fewestRequests(1000)],
    pairs: 7,
  }),
  planRow("plan-10000", "no-op plan, 10,000 apps, 0 ms", {
    apps: 10_000,
    latency: 0,
    bars: [wallAtMost(2), memoryAtMost(2.5), fewestRequests(10_000)],
    pairs: 5,
  }),
  {
    name: "change-1-of-500",
    work: "apply of 1 changed script among 500 apps at 50 ms",
    // One look more than the floor, which overwrites whatever somebody did meanwhile.
    bars: [wallAtMost(1.6), writes(1)],
    pairs: 7,
    run: (options) =>
      onPbx({ apps: 500, script: 6000, compile: 200 }, { latency: 50 }, async (pbx, project) => {
        const { number, script } = project.app(250);
        const reset = (): Promise<void> =>
          pbx.edit(number, { ScriptCode: `${script}// changed in the console\n` });
        const ours = command([CLI, "apply", "--yes"], project.root, pbx.env);
        const theirs = command([floor("change"), project.root], project.root, pbx.env);
        const comparison = await comparePair(ours, theirs, { ...options, reset });
        await reset();
        return { comparison, counts: await countRun(pbx, ours) };
      }),
  },
  {
    name: "create-200",
    work: "apply of 200 new apps with 1 s compiles, concurrency 4, against 50",
    bars: [
      {
        text: "polls grow with time, not with apps",
        holds: ({ counts, seconds }) =>
          counts !== undefined && seconds !== undefined && counts.polls <= seconds * MOST_POLLS,
      },
    ],
    pairs: 1,
    async run() {
      const [many, few] = [await createApps(200), await createApps(50)];
      const rate = ({ counts, seconds }: Created): string => (counts.polls / seconds).toFixed(2);
      return {
        ...many,
        note: `${many.counts.polls} polls in ${many.seconds.toFixed(1)} s (${rate(many)} a second); 50 apps: ${few.counts.polls} in ${few.seconds.toFixed(1)} s (${rate(few)} a second)`,
      };
    },
  },
  validateRow("validate-5000", "validate of 5,000 manifests against parsing their YAML", 0, [
    wallAtMost(1.5),
  ]),
  validateRow(
    "validate-5000-scripts",
    "the same with 10 C# scripts among them, parsed too",
    10,
    [],
  ),
];

/** A poll comes at most so often: the shortest tick is 150 ms, and the floor has no part in it. */
const MOST_POLLS = 1000 / 150;

interface Created {
  readonly counts: Counts;
  readonly seconds: number;
}

async function createApps(apps: number): Promise<Created> {
  const shape = { apps, script: 2000, compile: 1000 };
  return onPbx(
    shape,
    { latency: 0 },
    async (pbx, project) => {
      const args = [CLI, "apply", "--yes", "--concurrency", "4"];
      const run = command(args, project.root, pbx.env);
      await pbx.clear();
      const { wall } = await runProcess(run);
      return { counts: await pbx.count(), seconds: wall / 1000 };
    },
    { empty: true },
  );
}

function validateRow(name: string, work: string, scripts: number, bars: readonly Bar[]): Row {
  return {
    name,
    work,
    bars,
    pairs: 9,
    async run(options) {
      const project = makeProject({ apps: 5000, script: 2000, scripts });
      try {
        return {
          comparison: await comparePair(
            command([CLI, "validate"], project.root, {}),
            command([floor("parse"), project.root], project.root, {}),
            options,
          ),
        };
      } finally {
        project.remove();
      }
    },
  };
}

interface PlanShape {
  readonly apps: number;
  readonly latency: number;
  readonly tls?: boolean;
  readonly bars: readonly Bar[];
  readonly pairs: number;
}

function planRow(name: string, work: string, shape: PlanShape): Row {
  const { apps, latency, bars, pairs } = shape;
  return {
    name,
    work,
    bars,
    pairs,
    run: async (options) => comparePlans({ apps, latency, tls: shape.tls === true }, options),
  };
}

/** A plan that finds nothing to do, against the floor. Also what the growth is measured with. */
export async function comparePlans(
  { apps, latency, tls }: { apps: number; latency: number; tls: boolean },
  options: PairOptions,
): Promise<Measured> {
  const identity = tls ? makeTls() : undefined;
  const start = { latency, ...(identity === undefined ? {} : { tls: identity }) };
  return onPbx({ apps, script: 6000 }, start, async (pbx, project) => {
    const flags = identity === undefined ? [] : ["--ca-file", identity.file];
    const env = {
      ...pbx.env,
      ...(identity === undefined ? {} : { CALLFORM_BENCH_CA: identity.file }),
    };
    const ours = command([CLI, "plan", "--detailed-exitcode", ...flags], project.root, env);
    const theirs = command([floor("plan"), project.root], project.root, env);
    const comparison = await comparePair(ours, theirs, options);
    return { comparison, counts: await countRun(pbx, ours) };
  });
}

interface OnPbx {
  readonly latency: number;
  readonly tls?: StartMessage["tls"];
}

async function onPbx<T>(
  shape: ProjectShape,
  { latency, tls }: OnPbx,
  work: (pbx: BenchPbx, project: BenchProject) => Promise<T>,
  { empty = false }: { readonly empty?: boolean } = {},
): Promise<T> {
  const project = makeProject(shape);
  const { apps, ...rest } = project.seed;
  const seed = empty ? rest : { ...rest, apps: apps ?? [] };
  const pbx = await startPbx({ options: { seed, latency }, ...(tls === undefined ? {} : { tls }) });
  try {
    return await work(pbx, project);
  } finally {
    await pbx.close();
    project.remove();
  }
}

async function countRun(pbx: BenchPbx, ours: Command): Promise<Counts> {
  await pbx.clear();
  await runProcess(ours);
  return pbx.count();
}

function command(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Command {
  return { args, cwd, env };
}

function wallAtMost(most: number): Bar {
  return {
    text: `wall at most ${most} x the floor`,
    holds: ({ comparison }) => comparison !== undefined && comparison.wall.median <= most,
  };
}

function memoryAtMost(most: number): Bar {
  return {
    text: `peak memory at most ${most} x the floor`,
    holds: ({ comparison }) => comparison !== undefined && comparison.memory.median <= most,
  };
}

function fewestRequests(apps: number): Bar {
  const fewest = 1 + Math.ceil(apps / PAGE);
  return {
    text: `${fewest} requests, none of them a write`,
    holds: ({ counts }) => counts?.requests === fewest && counts.writes === 0,
  };
}

function writes(count: number): Bar {
  return {
    text: count === 1 ? "exactly 1 write" : `exactly ${count} writes`,
    holds: ({ counts }) => counts?.writes === count,
  };
}
