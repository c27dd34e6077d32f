import { onTestFinished } from "vitest";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../../src/sandbox/server.ts";
import { makeFolder, type Folder } from "./folder.ts";
import { runProgram, type Ran, type RunOptions } from "../program/run.ts";
import { writeScript } from "./scripts.ts";

/** A sandbox and a project folder whose only target it is. */
export interface PbxProject extends Folder {
  readonly pbx: Sandbox;
  /** Runs the built program in the folder, with the credentials in the environment. */
  run(args: readonly string[], options?: Partial<RunOptions>): Promise<Ran>;
}

export const PROJECT_FILE = `apiVersion: callform/v1
kind: Project
targets:
  production:
    url: \${env:PBX_URL}
    clientId: \${env:PBX_CLIENT_ID}
    clientSecret: \${env:PBX_CLIENT_SECRET}
`;

export async function makePbxProject(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  options: SandboxOptions = {},
): Promise<PbxProject> {
  const pbx = await startSandbox({ seed: SEED, ...options });
  onTestFinished(() => pbx.close());
  const folder = makeFolder({ "callform.yaml": PROJECT_FILE, ...files });
  const env = {
    PBX_URL: pbx.url,
    PBX_CLIENT_ID: pbx.clientId,
    PBX_CLIENT_SECRET: pbx.clientSecret,
  };
  return {
    ...folder,
    pbx,
    run: (args, more = {}) =>
      runProgram(args, { cwd: folder.root, ...more, env: { ...env, ...more.env } }),
  };
}

export const SEED = {
  departments: [{ name: "SUPPORT" }, { name: "SALES" }],
  trunks: [{ number: "10001", name: "provider" }],
  queues: [{ number: "820", name: "Support queue" }],
  compile: { delay: 30 },
};

/** A manifest with a script file of the same name beside it. */
export function writeManifest(number: string, name: string, more = ""): string {
  return `apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: "${number}"
spec:
  name: ${name}
  scriptFile: ${name}.cs
${more}`;
}

/** Manifest and script of an app, as files of a project. */
export function writeApp(number: string, name: string, more = ""): Record<string, string> {
  return {
    [`apps/${name}.yaml`]: writeManifest(number, name, more),
    [`apps/${name}.cs`]: writeScript(toClassName(name)),
  };
}

export function toClassName(name: string): string {
  return name[0]?.toUpperCase() + name.slice(1);
}

/** The numbers of its apps, in order. */
export function numbersOf(pbx: Sandbox): readonly string[] {
  return pbx.console
    .list()
    .map(({ Number }) => Number)
    .toSorted();
}

/** Requests that may change the PBX: all but GETs and the fetching of a token. */
export function writesOf(
  pbx: Sandbox,
): readonly { method: string; path: string; body?: unknown }[] {
  return pbx.requests.filter(({ method, path }) => method !== "GET" && path !== "/connect/token");
}
