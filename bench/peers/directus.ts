import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openArena } from "./arena.ts";
import type { Contender } from "./contender.ts";
import { createDirectusApi, describeFlow } from "./directus-api.ts";
import { makeObjects } from "./objects.ts";

const CHARACTERS = 6000;

export const directus: Contender = {
  name: "directus-sync",
  version: "3.4.1",
  typed: { look: "directus-sync diff", change: "directus-sync push" },
  caveat:
    "Flows with 6 KB of text in one JSON file. It reads every flow that was dumped, one after the other, with two requests for each, and all ids once more; without the schema snapshot (--no-snapshot), which it would read besides. The one write of a diff is `POST /utils/cache/clear`.",
  installed: true,
  async open({ objects: count, latency }, modules) {
    const objects = makeObjects(count, CHARACTERS);
    return openArena({
      objects,
      api: createDirectusApi(objects),
      options: { latency },
      describe(folder, desired) {
        const dump = path.join(folder, "directus-config/collections");
        mkdirSync(dump, { recursive: true });
        const flows = desired.map((object) => ({ ...describeFlow(object), _syncId: object.id }));
        writeFileSync(path.join(dump, "flows.json"), JSON.stringify(flows, null, 2));
      },
      commands(folder, url) {
        const script = path.join(modules, "directus-sync/bin/index.js");
        const flags = ["-o", "flows", "--no-snapshot", "-u", url, "-t", "token"];
        const env = { HOME: folder };
        return {
          look: { args: [script, "diff", ...flags], cwd: folder, env },
          change: { args: [script, "push", ...flags], cwd: folder, env },
        };
      },
      readLook: (stdout) =>
        /To (?:create|update|delete)/.test(stdout) ? "its diff found changes" : undefined,
    });
  },
};
