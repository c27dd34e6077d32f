import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runProcess } from "../run-process.ts";
import { openArena } from "./arena.ts";
import type { Contender } from "./contender.ts";
import { limitTime } from "./measure.ts";
import { makeObjects } from "./objects.ts";
import { createThingsApi } from "./things-api.ts";

const CHARACTERS = 6000;

/** What its user writes: a resource whose body puts a thing, and one of it for each entry of a file. */
const PROGRAM = `import { readFileSync } from "node:fs";
import alchemy, { Resource } from "alchemy";

const Thing = Resource("bench::Thing", async function (id, { text }) {
  if (this.phase === "delete") return this.destroy();
  const answer = await fetch(process.env.THINGS_URL + "/things/" + id, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  if (!answer.ok) throw new Error(id + ": " + answer.status);
  return { text };
});

const app = await alchemy("bench", { noTrack: true, quiet: true, password: "bench", stage: "bench" });
const things = JSON.parse(readFileSync("things.json", "utf8"));
await Promise.all(things.map(({ name, text }) => Thing(name, { text, quiet: true })));
await app.finalize();
`;

export const alchemy: Contender = {
  name: "alchemy",
  version: "0.94.0",
  typed: { look: "node alchemy.run.mjs", change: "node alchemy.run.mjs" },
  caveat:
    "Custom resources with 6 KB of text in one JSON file; it has no plan, so the same program runs for both. It reads nothing live: it compares with the state files that its last run left, so it is blind to what somebody changed in the console, and its no-op sends no request. What changes is sent all at once, without a bound.",
  installed: true,
  async open({ objects: count, latency }, modules) {
    const objects = makeObjects(count, CHARACTERS);
    const arena = await openArena({
      objects,
      api: createThingsApi(),
      options: { latency },
      describe: (folder, desired) =>
        writeFileSync(path.join(folder, "things.json"), JSON.stringify(desired)),
      commands(folder, url) {
        symlinkSync(modules, path.join(folder, "node_modules"), "dir");
        writeFileSync(path.join(folder, "alchemy.run.mjs"), PROGRAM);
        const env = { HOME: folder, THINGS_URL: url, ALCHEMY_TELEMETRY_DISABLED: "1" };
        const command = { args: ["alchemy.run.mjs"], cwd: folder, env };
        return { look: command, change: command };
      },
      readLook: (_, { writes }) =>
        writes === 0 ? undefined : "it wrote again what had not changed",
    });
    // Its state comes from a run of its own.
    await runProcess(limitTime(arena.commands.change)).catch(async (error: unknown) => {
      await arena.close();
      throw error;
    });
    return arena;
  },
};
