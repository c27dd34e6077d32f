import { writeFileSync } from "node:fs";
import path from "node:path";
import { startPbx } from "../pbx.ts";
import { makeProject } from "../project-files.ts";
import type { Contender } from "./contender.ts";

const CLI = path.resolve(import.meta.dirname, "cli/main.js");
const CHARACTERS = 6000;
/** Milliseconds that the PBX takes to compile a script: an apply waits for it. */
const COMPILE = 200;

export const callform: Contender = {
  name: "callform",
  version: "this checkout",
  typed: { look: "callform plan", change: "callform apply" },
  caveat:
    "Call flow apps with 6 KB scripts, a manifest and a script file for each. It reads every app with its script, in pages of 100, and compares every field. The time of an apply includes the 200 ms that the PBX takes to compile the script, and the wait for the verdict.",
  installed: false,
  async open({ objects, latency }) {
    const project = makeProject({ apps: objects, script: CHARACTERS, compile: COMPILE });
    const pbx = await startPbx({ options: { seed: project.seed, latency } });
    const { number, file, script } = project.app(objects >> 1);
    const base = { cwd: project.root, env: { ...pbx.env, NO_COLOR: "1" } };
    let desired = script;
    let round = 0;
    return {
      commands: {
        look: { ...base, args: [CLI, "plan", "--detailed-exitcode"] },
        change: { ...base, args: [CLI, "apply", "--yes"] },
      },
      async changeOne() {
        round += 1;
        desired = `${script}// round ${round}\n`;
        writeFileSync(file, desired);
      },
      async judge(work) {
        // Whether a plan found changes its exit code has said.
        if (work === "look") return (await pbx.count()).writes === 0 ? undefined : "its plan wrote";
        const app = (await pbx.list()).find((one) => one.Number === number);
        return app?.runnable?.trim() === desired.trim()
          ? undefined
          : `${number} does not run what was desired`;
      },
      tally: () => pbx.count(),
      clear: () => pbx.clear(),
      async close() {
        await pbx.close();
        project.remove();
      },
    };
  },
};
