// The floor of an apply: read, compare, write what differs, ask until it is compiled.
import { setTimeout as sleep } from "node:timers/promises";
import { compareApps } from "./compare.ts";
import { readManifests } from "./manifests.ts";
import { connectFloor } from "./pbx.ts";

/** Milliseconds between two questions whether it is compiled. */
const TICK = 100;

const manifests = readManifests(process.argv[2] ?? ".");
const pbx = await connectFloor(process.env);
const [live, apps] = await Promise.all([pbx.list(), manifests]);
const changes = compareApps(apps, live);
await Promise.all(
  changes.map(async ({ number, id, script }) => {
    await pbx.patch(id, { ScriptCode: script });
    for (;;) {
      const app = await pbx.read(number);
      if (app.CompilationSucceeded && app.ScriptCode === script) return;
      await sleep(TICK);
    }
  }),
);
console.log(`${changes.length} changed of ${apps.length}`);
await pbx.close();
