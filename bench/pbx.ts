import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { AppState } from "../src/sandbox/console.ts";
import type { Fault } from "../src/sandbox/faults/read.ts";
import type { Counts, PbxMessage, StartMessage } from "./pbx-process.ts";

export interface BenchPbx {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  count(): Promise<Counts>;
  clear(): Promise<void>;
  edit(number: string, properties: Readonly<Record<string, string>>): Promise<void>;
  list(): Promise<readonly AppState[]>;
  setFaults(faults: readonly Fault[]): Promise<void>;
  close(): Promise<void>;
}

/** A sandbox in a process of its own, so that neither side of a comparison pays for it. */
export async function startPbx(start: Omit<StartMessage, "type">): Promise<BenchPbx> {
  const child = fork(path.join(import.meta.dirname, "pbx-process.js"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { url, clientId, clientSecret } = await ask<
    Record<"url" | "clientId" | "clientSecret", string>
  >(child, { type: "start", ...start });
  return {
    url,
    env: { CALLFORM_URL: url, CALLFORM_CLIENT_ID: clientId, CALLFORM_CLIENT_SECRET: clientSecret },
    count: () => ask<Counts>(child, { type: "count" }),
    clear: async () => void (await ask(child, { type: "clear" })),
    edit: async (number, properties) =>
      void (await ask(child, { type: "edit", number, properties })),
    list: () => ask<readonly AppState[]>(child, { type: "list" }),
    setFaults: async (faults) => void (await ask(child, { type: "faults", faults })),
    async close() {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

async function ask<T = unknown>(child: ChildProcess, message: PbxMessage): Promise<T> {
  const ended = new AbortController();
  const exit = (): void => ended.abort(new Error("the sandbox process ended"));
  child.once("exit", exit);
  const replied = once(child, "message", { signal: ended.signal });
  child.send(message);
  const [reply] = (await replied) as [T];
  child.off("exit", exit);
  return reply;
}
