import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Fault } from "../../src/sandbox/faults/read.ts";
import { pickOne, type Random } from "./random.ts";

/** The part of a sandbox that an endurance run needs, wherever that sandbox runs. */
export interface EndurancePbx {
  readonly env: Readonly<Record<string, string>>;
  list(): Promise<readonly LiveState[]>;
  edit(number: string, properties: Readonly<Record<string, string>>): Promise<void>;
  setFaults(faults: readonly Fault[]): Promise<void>;
}

export interface LiveState {
  readonly Number: string;
  readonly Name: string;
  readonly RoutingType: string | null;
  readonly TranscriptionMode: string | null;
  /** The script that answers calls. */
  readonly runnable: string | null;
}

export interface WantedApp {
  readonly number: string;
  readonly name: string;
  readonly routingType: string;
  readonly script: string;
}

const ROUTING = ["Forward", "DialCode"];
const MODES = ["Nothing", "Voicemail", "Recordings", "Both"];
const MOST_APPS = 30;

/** What Git says, and what the console has said of fields that Git leaves alone. */
export interface EnduranceWorld {
  readonly apps: Map<string, WantedApp>;
  readonly modes: Map<string, string>;
}

export function createWorld(): EnduranceWorld {
  return { apps: new Map(), modes: new Map() };
}

/** Lets somebody work for a round: in Git, in the console, or in both. */
export async function moveWorld(
  world: EnduranceWorld,
  pbx: EndurancePbx,
  root: string,
  random: Random,
): Promise<void> {
  const numbers = [...world.apps.keys()];
  if (numbers.length < MOST_APPS && (numbers.length < 3 || random() < 0.3))
    writeApp(world, root, makeApp(String(800 + numbers.length), random));
  else {
    const app = world.apps.get(pickOne(random, numbers));
    if (app === undefined) throw new Error("no such app");
    writeApp(world, root, { ...makeApp(app.number, random), name: app.name });
  }
  const live = (await pbx.list()).map((app) => app.Number);
  if (live.length === 0) return;
  if (random() < 0.5) {
    const number = pickOne(random, live);
    const mode = pickOne(random, MODES);
    await pbx.edit(number, { TranscriptionMode: mode });
    world.modes.set(number, mode);
  }
  if (random() < 0.5)
    await pbx.edit(pickOne(random, live), { RoutingType: pickOne(random, ROUTING) });
}

/** What is not as it must be when a round has ended well; empty when all is. */
export async function findLosses(world: EnduranceWorld, pbx: EndurancePbx): Promise<string[]> {
  const live = new Map((await pbx.list()).map((app) => [app.Number, app]));
  const lost = [...world.apps.values()].flatMap((app) => {
    const there = live.get(app.number);
    if (there === undefined) return [`${app.number} is not on the PBX`];
    return [
      ...(there.Name === app.name
        ? []
        : [`${app.number} is called ${there.Name}, not ${app.name}`]),
      ...(there.RoutingType === app.routingType
        ? []
        : [`${app.number} routes as ${there.RoutingType}`]),
      ...(there.runnable === app.script ? [] : [`${app.number} runs another script`]),
    ];
  });
  const undone = [...world.modes].flatMap(([number, mode]) =>
    live.get(number)?.TranscriptionMode === mode ? [] : [`${number} lost the console's ${mode}`],
  );
  return [...lost, ...undone];
}

function makeApp(number: string, random: Random): WantedApp {
  const version = Math.floor(random() * 1e9);
  return {
    number,
    name: `app${number}`,
    routingType: pickOne(random, ROUTING),
    script: writeScript(number, version),
  };
}

function writeApp(world: EnduranceWorld, root: string, app: WantedApp): void {
  const folder = path.join(root, "apps");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${app.number}.cs`), app.script);
  writeFileSync(
    path.join(folder, `${app.number}.yaml`),
    `apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: "${app.number}"
spec:
  name: ${app.name}
  routingType: ${app.routingType}
  scriptFile: ${app.number}.cs
`,
  );
  world.apps.set(app.number, app);
}

function writeScript(number: string, version: number): string {
  return `using CallFlow;
using System.Threading.Tasks;

namespace dummy
{
    public class Endure${number} : ScriptBase<Endure${number}>
    {
        public override async void Start()
        {
            await MyCall.PlayPrompt("${version}.wav");
            MyCall.Return(true);
        }
    }
}
`;
}
