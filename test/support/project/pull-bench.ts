import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { loadResources } from "../../../src/app/project/manifests.ts";
import { pullFiles, type PullChoice, type PullReport } from "../../../src/app/pull/pull.ts";
import { resolveSettings, type Flags } from "../../../src/app/settings/resolve.ts";
import type { Plan } from "../../../src/domain/plan/plan.ts";
import type { Entity } from "../../../src/domain/ports.ts";
import { createRedactor } from "../../../src/domain/redact.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { makeFolder, type Folder } from "./folder.ts";
import { createBench, type Bench } from "../pbx/bench.ts";

/** A project folder and a PBX in memory, pulled from without a network. */
export interface PullBench extends Bench {
  readonly folder: Folder;
  readonly notes: readonly string[];
  pull(choice?: PullChoice, flags?: Flags): Promise<PullReport>;
  /** What apply would do, from the files as they are. */
  planFiles(flags?: Flags): Promise<Plan>;
  /** Every file of the folder but those of Git, by its name. */
  files(): Readonly<Record<string, string>>;
  /** Changes an app as the console does. */
  edit(number: string, values: Entity): void;
}

export const PULL_PROJECT = `apiVersion: callform/v1
kind: Project
targets:
  production:
    url: https://pbx.example.com:5001
    variables: { TEAM: Support, GREETING: welcome.wav, ROUTE: "10001" }
`;

export const PULL_SECRETS = { KEY: "s3cr3t-of-mine", PIN: "4711" };

export function createPullBench(
  apps: readonly Entity[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): PullBench {
  const bench = createBench({ apps });
  const folder = makeFolder({ "callform.yaml": PULL_PROJECT, ...files });
  const notes: string[] = [];
  const { signal } = new AbortController();
  const settle = (flags: Flags) =>
    resolveSettings(flags, [], { env: PULL_SECRETS, cwd: folder.root }, "look");
  return {
    ...bench,
    folder,
    notes,
    async pull(choice = {}, flags = {}) {
      const settings = await settle(flags);
      const { reader } = bench.pbx;
      const onNote = (text: string): void => void notes.push(text);
      const redactor = createRedactor();
      const onProgress = (): void => undefined;
      return pullFiles({ settings, reader, redactor, onNote, onProgress, stop: signal }, choice);
    },
    async planFiles(flags = {}) {
      const settings = { ...(await settle(flags)), allowEmpty: true };
      const { resources } = await loadResources(settings, true, signal);
      const { plan } = await bench.plan(resources, { kinds: [callFlowApp] });
      return plan;
    },
    files: () => readAll(folder.root),
    edit(number, values) {
      const row = bench.pbx.rows("CallFlowApps").find((one) => one["Number"] === number);
      const id = row?.["Id"];
      if (typeof id !== "number") throw new Error(`there is no app ${number}`);
      bench.pbx.edit("CallFlowApps", id, values);
    },
  };
}

function readAll(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith(".git/"));
  return Object.fromEntries(
    names.toSorted().map((name) => [name, readFileSync(path.join(root, name), "latin1")]),
  );
}

/** Rows as the PBX keeps them, from what people know. */
export function bindGroups(groups: readonly (readonly [name: string, role: string])[]) {
  return groups.map(([name, role], index) => ({
    GroupId: index + 1,
    Name: name,
    Rights: { RoleName: role },
  }));
}
