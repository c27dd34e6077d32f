import { onTestFinished } from "vitest";
import type { Fault } from "../../../src/sandbox/faults/read.ts";
import { startSandbox, type Sandbox } from "../../../src/sandbox/server.ts";
import { makeFolder, type Folder } from "../project/folder.ts";
import { toClassName, writeApp } from "../project/pbx-project.ts";
import { makeRepository } from "../project/repository.ts";
import { writeScript } from "../project/scripts.ts";

/** A project in Git that, compared with its base, has 3 creates, 3 updates and 2 deletes to do, and one app to leave alone. */
export interface BoundaryProject extends Folder {
  readonly base: string;
}

const BEFORE: Readonly<Record<string, string>> = {
  "801": "kept",
  "811": "first",
  "812": "second",
  "813": "third",
  "821": "gone",
  "822": "lost",
};
const UPDATED = ["811", "812", "813"];
const DELETED = ["821", "822"];
const CREATED: Readonly<Record<string, string>> = {
  "831": "newone",
  "832": "newtwo",
  "833": "newthree",
};

export function makeBoundaryProject(): BoundaryProject {
  const folder = makeFolder({
    "callform.yaml":
      "apiVersion: callform/v1\nkind: Project\ntargets:\n  pbx:\n    policy: { prune: removed, maxDeletes: 2 }\n",
  });
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) folder.write(name, text);
  };
  for (const [number, name] of Object.entries(BEFORE)) write(writeApp(number, name));
  const repository = makeRepository(folder.root);
  const base = repository.commit("base");
  for (const number of UPDATED) {
    const name = BEFORE[number] ?? "";
    write({
      ...writeApp(number, name, "  routingType: Forward\n"),
      [`apps/${name}.cs`]: wanted(name),
    });
  }
  for (const number of DELETED) repository.git("rm", "-q", ...filesOf(BEFORE[number] ?? ""));
  for (const [number, name] of Object.entries(CREATED))
    write(writeApp(number, name, "  groups: [{ name: DEFAULT }]\n"));
  return { ...folder, base };
}

/** A PBX as the base left it. */
export async function startBoundaryPbx(faults: readonly Fault[]): Promise<Sandbox> {
  const apps = Object.entries(BEFORE).map(([number, name]) => ({
    number,
    name,
    scriptCode: writeScript(toClassName(name)),
  }));
  const pbx = await startSandbox({ seed: { apps, compile: { delay: 5 } }, faults });
  onTestFinished(() => pbx.close());
  return pbx;
}

/** What is wrong with the PBX after a run that should have reached the goal; empty when nothing is. */
export function judgeGoal(pbx: Sandbox): string[] {
  const goal: Record<string, string> = { "801": writeScript("Kept") };
  for (const number of UPDATED) goal[number] = wanted(BEFORE[number] ?? "");
  for (const [number, name] of Object.entries(CREATED))
    goal[number] = writeScript(toClassName(name));
  const found = Object.fromEntries(pbx.console.list().map((app) => [app.Number, app.runnable]));
  const numbers = new Set([...Object.keys(goal), ...Object.keys(found)]);
  const wrong = [...numbers].filter((number) => goal[number] !== found[number]);
  const twice = pbx.console.list().length - Object.keys(found).length;
  return [
    ...wrong.map((number) => `${number} does not run what it should`),
    ...(twice > 0 ? [`${twice} numbers are there twice`] : []),
    ...judgeHistory(pbx),
  ];
}

/** No app that had a script to run may ever have been without one, but by being deleted as asked. */
export function judgeHistory(pbx: Sandbox): string[] {
  return Object.keys(BEFORE).flatMap((number) => {
    const moments = pbx.console.history(number);
    const silent = moments.filter(
      ({ event, runnable }) => runnable === null && event !== "removed",
    );
    const removed = moments.some(({ event }) => event === "removed") && !DELETED.includes(number);
    return [
      ...(silent.length > 0 ? [`${number} was without a script`] : []),
      ...(removed ? [`${number} was removed`] : []),
    ];
  });
}

function wanted(name: string): string {
  return writeScript(toClassName(name), "updated.wav");
}

function filesOf(name: string): string[] {
  return [`apps/${name}.yaml`, `apps/${name}.cs`];
}
