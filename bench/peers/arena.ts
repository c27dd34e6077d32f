import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Arena, Complaint, Work } from "./contender.ts";
import { changeOne, pickOne, type PeerObject } from "./objects.ts";
import { startStandIn, type Api, type StandInOptions, type Tally } from "./stand-in.ts";

export interface ArenaPlan {
  readonly objects: readonly PeerObject[];
  readonly api: Api;
  readonly options: StandInOptions;
  /** Writes into the project what is desired. */
  describe(folder: string, objects: readonly PeerObject[]): void;
  /** The commands of the tool in this folder, against this address. */
  commands(folder: string, url: string): Arena["commands"];
  /** What is wrong with what a look printed and sent, when nothing has changed. */
  readLook(stdout: string, tally: Tally): Complaint;
  /** Tidies up what the plan itself has made. */
  dispose?(): void;
}

/** A stand-in with a project in a folder of its own, both as the plan says. */
export async function openArena(plan: ArenaPlan): Promise<Arena> {
  const { objects, api, options } = plan;
  const folder = mkdtempSync(path.join(tmpdir(), "callform-peer-"));
  const standIn = await startStandIn(api, options);
  const { name } = pickOne(objects);
  const close = async (): Promise<void> => {
    await standIn.close();
    rmSync(folder, { recursive: true, force: true });
    plan.dispose?.();
  };
  const prepare = (): Arena["commands"] => {
    plan.describe(folder, objects);
    return plan.commands(folder, standIn.url);
  };
  const commands = await Promise.resolve()
    .then(prepare)
    .catch(async (error: unknown) => {
      await close();
      throw error;
    });
  let round = 0;
  const judge = (work: Work, stdout: string): Complaint => {
    if (work === "look") return plan.readLook(stdout, standIn.tally());
    const wanted = pickOne(changeOne(objects, round)).text;
    return api.textOf(name) === wanted ? undefined : `${name} did not become what was desired`;
  };
  return {
    commands,
    async changeOne() {
      round += 1;
      plan.describe(folder, changeOne(objects, round));
    },
    judge: async (work, stdout) => judge(work, stdout),
    tally: async () => standIn.tally(),
    clear: async () => standIn.clear(),
    close,
  };
}
