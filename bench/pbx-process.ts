// A sandbox as a process of its own, told over IPC what to start with and asked what it has seen.
import { subscribe } from "node:diagnostics_channel";
import { createServer } from "node:tls";
import { connect, type AddressInfo } from "node:net";
import type { Fault } from "../src/sandbox/faults/read.ts";
import { startSandbox, type Sandbox, type SandboxOptions } from "../src/sandbox/server.ts";

export interface StartMessage {
  readonly type: "start";
  readonly options: SandboxOptions;
  /** With it the sandbox is reached through TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export type PbxMessage =
  | StartMessage
  | { readonly type: "count" }
  | { readonly type: "clear" }
  | { readonly type: "list" }
  | { readonly type: "faults"; readonly faults: readonly Fault[] }
  | {
      readonly type: "edit";
      readonly number: string;
      readonly properties: Readonly<Record<string, string>>;
    };

export interface Counts {
  readonly requests: number;
  readonly writes: number;
  /** GETs that ask for single apps by their ids: polls of the compiler. A look before a write asks by numbers. */
  readonly polls: number;
  readonly peak: number;
}

let pbx: Sandbox | undefined;
let [flying, peak] = [0, 0];

subscribe("http.server.request.start", () => {
  flying += 1;
  peak = Math.max(peak, flying);
});
subscribe("http.server.response.finish", () => {
  flying -= 1;
});

process.on("message", (message: PbxMessage) => {
  void answer(message).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit(0));

async function answer(message: PbxMessage): Promise<unknown> {
  if (message.type === "start") return start(message);
  if (pbx === undefined) throw new Error("not started");
  if (message.type === "count") return count(pbx);
  if (message.type === "list") return pbx.console.list();
  if (message.type === "faults") return setFaults(pbx, message.faults);
  if (message.type === "edit") await pbx.console.edit(message.number, message.properties);
  pbx.clearRequests();
  peak = flying;
  return {};
}

function setFaults(sandbox: Sandbox, faults: readonly Fault[]): object {
  sandbox.clearFaults();
  for (const fault of faults) sandbox.addFault(fault);
  return {};
}

async function start({ options, tls }: StartMessage) {
  pbx = await startSandbox(options);
  const { clientId, clientSecret } = pbx;
  const url = tls === undefined ? pbx.url : await listenTls(tls, new URL(pbx.url));
  return { url, clientId, clientSecret };
}

async function listenTls(credentials: { key: string; cert: string }, to: URL): Promise<string> {
  const server = createServer(credentials, (outer) => {
    const inner = connect(Number(to.port), to.hostname);
    inner.setNoDelay(true);
    outer.pipe(inner).pipe(outer);
    for (const end of [outer, inner])
      end.on("error", () => outer.destroy(inner.destroy().errored ?? undefined));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

function count({ requests }: Sandbox): Counts {
  const sent = requests.filter(({ path }) => path !== "/connect/token");
  return {
    requests: requests.length,
    writes: sent.filter(({ method }) => method !== "GET").length,
    polls: sent.filter(({ method, query }) => method === "GET" && query.includes("$filter=Id eq"))
      .length,
    peak,
  };
}
