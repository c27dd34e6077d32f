import type { Contender, Shape, Work } from "./contender.ts";
import { measureWork, type Measurement, type Run } from "./measure.ts";

/** One tool at one work. */
export interface Entry {
  readonly contender: Contender;
  readonly shape: Shape;
  readonly work: Work;
  readonly measurement: Measurement;
}

/** Why a tool has no entry: it could not be installed, or could not do this work. */
export interface Failure {
  readonly contender: Contender;
  readonly where: string;
  readonly reason: string;
}

export interface Outcome {
  readonly entries: readonly Entry[];
  readonly failures: readonly Failure[];
}

/** A round of the bench: a shape and the works that are measured in it. */
export interface Heat {
  readonly shape: Shape;
  readonly works: readonly Work[];
}

export interface ContestOptions {
  /** The folder with the modules of a contender; it rejects when there is none to be had. */
  readonly install: (contender: Contender) => Promise<string>;
  readonly onStep: (step: string) => void;
  readonly run?: Run;
}

const BOTH: readonly Work[] = ["look", "change"];

/** What is measured: every size at every latency, or a few that still decide the bar. */
export function listHeats(quick: boolean): readonly Heat[] {
  if (quick)
    return [
      { shape: { objects: 100, latency: 50 }, works: BOTH },
      { shape: { objects: 1000, latency: 50 }, works: ["look"] },
    ];
  return [100, 1000].flatMap((objects) =>
    [0, 50].map((latency) => ({ shape: { objects, latency }, works: BOTH })),
  );
}

/** "1,000 objects at 50 ms" */
export function nameShape({ objects, latency }: Shape): string {
  return `${objects.toLocaleString("en-US")} objects at ${latency} ms`;
}

/** Runs every heat with every contender, one after the other. What fails is told and left out; the others go on. */
export async function holdContest(
  contenders: readonly Contender[],
  heats: readonly Heat[],
  options: ContestOptions,
): Promise<Outcome> {
  const failures: Failure[] = [];
  const attempt = async <T>(contender: Contender, where: string, work: () => Promise<T>) => {
    options.onStep(`${contender.name}: ${where}`);
    try {
      return await work();
    } catch (error) {
      failures.push({ contender, where, reason: explain(error) });
      return undefined;
    }
  };
  const ready: { readonly contender: Contender; readonly modules: string }[] = [];
  for (const contender of contenders) {
    const modules = await attempt(contender, "install", async () =>
      contender.installed ? options.install(contender) : "",
    );
    if (modules !== undefined) ready.push({ contender, modules });
  }
  const entries: Entry[] = [];
  for (const { shape, works } of heats)
    for (const { contender, modules } of ready) {
      const arena = await attempt(contender, nameShape(shape), () =>
        contender.open(shape, modules),
      );
      if (arena === undefined) continue;
      for (const work of works) {
        const where = `${contender.typed[work]}, ${nameShape(shape)}`;
        const measurement = await attempt(contender, where, () =>
          measureWork(arena, work, options.run),
        );
        if (measurement !== undefined) entries.push({ contender, shape, work, measurement });
      }
      await attempt(contender, `tidying up, ${nameShape(shape)}`, () => arena.close());
    }
  return { entries, failures };
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
