import { onTestFinished } from "vitest";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../../src/sandbox/server.ts";
import { makeFolder, type Folder } from "./folder.ts";
import { runInline, type InlineOptions } from "../program/inline.ts";
import { SEED, writeApp } from "./pbx-project.ts";
import type { Ran } from "../program/run.ts";

/** A project with a target and a sandbox for each name, and one app for all of them. */
export interface FleetProject extends Folder {
  readonly pbxs: ReadonlyMap<string, Sandbox>;
  pbx(name: string): Sandbox;
  /** Runs a command line in this process, with every PBX's credentials in the environment. */
  run(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    onStderr?: InlineOptions["onStderr"],
  ): Promise<Ran>;
}

export interface FleetMember {
  readonly name: string;
  /** Further lines of the target, indented as those of a map in it. */
  readonly more?: string;
  readonly options?: SandboxOptions;
}

export async function makeFleetProject(
  members: readonly FleetMember[],
  files: Readonly<Record<string, string>> = writeApp("806", "afterhours"),
): Promise<FleetProject> {
  const started = await Promise.all(
    members.map(async ({ name, options }) => {
      const pbx = await startSandbox({ seed: SEED, ...options });
      return [name, pbx] as const;
    }),
  );
  onTestFinished(async () => {
    await Promise.all(started.map(([, pbx]) => pbx.close()));
  });
  const pbxs = new Map(started);
  const targets = members.map(({ name, more = "" }) => writeTarget(name, more));
  const project = `apiVersion: callform/v1\nkind: Project\ntargets:\n${targets.join("")}`;
  const folder = makeFolder({ "callform.yaml": project, ...files });
  const credentials = Object.fromEntries(
    started.flatMap(([name, pbx]) => [
      [`${toVariable(name)}_URL`, pbx.url],
      [`${toVariable(name)}_ID`, pbx.clientId],
      [`${toVariable(name)}_SECRET`, pbx.clientSecret],
    ]),
  );
  return {
    ...folder,
    pbxs,
    pbx(name) {
      const pbx = pbxs.get(name);
      if (pbx === undefined) throw new Error(`no PBX ${name}`);
      return pbx;
    },
    run: (args, env = {}, onStderr = () => undefined) =>
      runInline(args, { cwd: folder.root, env: { ...credentials, ...env }, onStderr }),
  };
}

function writeTarget(name: string, more: string): string {
  const variable = toVariable(name);
  return `  ${name}:
    url: \${env:${variable}_URL}
    clientId: \${env:${variable}_ID}
    clientSecret: \${env:${variable}_SECRET}
${more}`;
}

function toVariable(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
