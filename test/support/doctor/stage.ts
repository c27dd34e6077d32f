import { onTestFinished } from "vitest";
import type { Fault } from "../../../src/sandbox/faults/read.ts";
import type { Seed } from "../../../src/sandbox/state/seed.ts";
import { startSandbox, type Sandbox } from "../../../src/sandbox/server.ts";
import { startServer, type PbxServer, type Reply, type TlsIdentity } from "../pbx/server.ts";

/** What a doctor is sent to: its arguments and its environment. */
export interface Stage {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Every request that arrived, as `GET /path`. */
  readonly requests: () => readonly string[];
}

export const CLIENT_SECRET = "Canary-client-secret-77zq";

export interface SandboxStage {
  readonly seed?: Seed;
  readonly faults?: readonly Fault[];
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** A sandbox, addressed directly. */
export async function stageSandbox({ seed, faults, env, args }: SandboxStage = {}): Promise<Stage> {
  const pbx = await openSandbox({ seed: seed ?? {}, faults: faults ?? [] });
  return {
    args: ["--url", pbx.url, ...(args ?? [])],
    env: { ...credentialsOf(pbx), ...env },
    requests: () => pbx.requests.map(({ method, path }) => `${method} ${path}`),
  };
}

/** A server that answers as scripted, at the URL that `locate` makes of its origin. */
export async function stageServer(
  reply: Reply,
  tls?: TlsIdentity,
  locate: (origin: string) => string = (origin) => origin,
): Promise<Stage> {
  const server = await startServer(() => reply, tls);
  return stageAt(server, locate(server.origin));
}

export function stageAt(server: PbxServer, url: string, args: readonly string[] = []): Stage {
  onTestFinished(() => server.close());
  return {
    args: ["--url", url, ...args],
    env: { CALLFORM_CLIENT_ID: "callform", CALLFORM_CLIENT_SECRET: CLIENT_SECRET },
    requests: () => server.requests.map(({ method, path }) => `${method} ${path}`),
  };
}

/** No server at all. */
export function stageNothing(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Stage {
  return {
    args,
    env: { CALLFORM_CLIENT_ID: "callform", CALLFORM_CLIENT_SECRET: CLIENT_SECRET, ...env },
    requests: () => [],
  };
}

/** A server in front of a sandbox: passes every request on, and puts these headers over those of the answer. */
export async function stageFront(
  headers: Readonly<Record<string, string>>,
  tls?: TlsIdentity,
  args: readonly string[] = [],
): Promise<Stage> {
  const pbx = await openSandbox({ seed: {}, faults: [] });
  const front = await startServer(async ({ method, path, headers: asked, body }) => {
    const passed = Object.entries(asked).filter(
      ([name, value]) =>
        ["authorization", "content-type"].includes(name) && typeof value === "string",
    );
    const answer = await fetch(pbx.url + path, {
      method,
      headers: passed.map(([name, value]) => [name, String(value)]),
      ...(body === "" ? {} : { body }),
    });
    const version = answer.headers.get("x-3cx-version");
    return {
      status: answer.status,
      headers: { ...(version === null ? {} : { "x-3cx-version": version }), ...headers },
      text: await answer.text(),
    };
  }, tls);
  const stage = stageAt(front, front.origin, args);
  return { ...stage, env: { ...stage.env, ...credentialsOf(pbx) } };
}

async function openSandbox({
  seed,
  faults,
}: Required<Pick<SandboxStage, "seed" | "faults">>): Promise<Sandbox> {
  const pbx = await startSandbox({ seed: { clientSecret: CLIENT_SECRET, ...seed }, faults });
  onTestFinished(() => pbx.close());
  return pbx;
}

function credentialsOf({ clientId, clientSecret }: Sandbox): Record<string, string> {
  return { CALLFORM_CLIENT_ID: clientId, CALLFORM_CLIENT_SECRET: clientSecret };
}

/** Every check of the doctor, in the order in which it makes them. */
export const CHECKS = [
  "node",
  "project",
  "environment",
  "digest-key",
  "credentials",
  "authority",
  "url",
  "name",
  "port",
  "tls",
  "server",
  "token",
  "licence",
  "version",
  "reading",
  "paging",
  "related",
  "writing",
  "clock",
  "sharing",
];
