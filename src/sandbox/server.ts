import { Hono } from "hono";
import { systemClock } from "./clock.ts";
import type { SandboxClock } from "./clock.ts";
import { createSaver, readState } from "./state/state-file.ts";
import { createConsole } from "./console.ts";
import type { SandboxConsole } from "./console.ts";
import { exchange } from "./exchange.ts";
import type { Machine } from "./exchange.ts";
import type { Fault } from "./faults/read.ts";
import { guardDoor } from "./http/door.ts";
import { listen } from "./http/listener.ts";
import type { SandboxApp } from "./http/listener.ts";
import { createLog } from "./http/log.ts";
import type { RequestRecord } from "./http/log.ts";
import { servePage } from "./page/routes.ts";
import { createPbx } from "./pbx/pbx.ts";
import type { Pbx } from "./pbx/pbx.ts";
import { plantSeed } from "./state/planting.ts";
import { createRestarter } from "./http/restarter.ts";
import { chooseQuirks } from "./quirks.ts";
import type { Quirks } from "./quirks.ts";
import { openRecorder } from "./record-file.ts";
import { clientsOf, DEFAULT_VERSION } from "./state/seed.ts";
import type { Seed } from "./state/seed.ts";
import { createFaults } from "./faults/strikes.ts";
import { createTokens } from "./tokens.ts";

export interface SandboxOptions {
  /** 0, a free one, when absent. */
  readonly port?: number;
  readonly host?: string;
  readonly seed?: Seed;
  /** Keeps the state across restarts; the seed is planted only while it does not exist. */
  readonly dataFile?: string;
  /** Milliseconds before every answer. */
  readonly latency?: number;
  readonly faults?: readonly Fault[];
  /** Gets a line of JSON for every exchange. */
  readonly recordFile?: string;
  readonly clock?: SandboxClock;
  readonly quirks?: Partial<Quirks>;
}

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:49152`, without a path. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly requests: readonly RequestRecord[];
  readonly console: SandboxConsole;
  clearRequests(): void;
  addFault(fault: Fault): void;
  clearFaults(): void;
  close(): Promise<void>;
}

/**
 * Starts a PBX that listens on loopback. Throws an Error for a mistake in the seed, a data file that
 * is none, or a port that cannot be had.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { seed = {}, clock = systemClock, host = "127.0.0.1", dataFile, recordFile } = options;
  const quirks = chooseQuirks(seed.version ?? DEFAULT_VERSION, {
    ...(seed.tokenUnit === undefined ? {} : { tokenUnit: seed.tokenUnit }),
    ...options.quirks,
  });
  const clients = clientsOf(seed);
  const pbx = await openPbx(seed, quirks, clock, dataFile);
  const save = dataFile === undefined ? saveNothing : createSaver(dataFile, pbx);
  await save();
  const recorder = recordFile === undefined ? undefined : await openRecorder(recordFile);
  const tokens = createTokens(clients, quirks, clock);
  const faults = createFaults(options.faults ?? []);
  const log = createLog(clock);

  const app: SandboxApp = new Hono();
  const restarter = createRestarter(await listen(app, host, options.port ?? 0), clock);
  const machine: Machine = {
    pbx,
    tokens,
    faults,
    log,
    clock,
    save,
    latency: options.latency ?? 0,
    record: (finished) => recorder?.record(finished),
    restart(milliseconds) {
      tokens.forget();
      restarter.restart(milliseconds);
    },
  };
  const console = createConsole(pbx, save);
  guardDoor(app, host);
  servePage(app, console, log);
  app.onError(explainFailure);
  app.all("*", async (context) => exchange(machine, context));
  const [own] = clients;

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${restarter.port}`,
    clientId: own?.clientId ?? "",
    clientSecret: own?.clientSecret ?? "",
    requests: log.records,
    console,
    clearRequests: log.clear,
    addFault: faults.add,
    clearFaults: faults.clear,
    async close() {
      await restarter.close();
      await recorder?.close();
    },
  };
}

/** A mistake of the sandbox, or a data file that cannot be written: nothing a PBX would say. */
function explainFailure(error: Error): Response {
  return new Response(`The sandbox itself failed: ${error.message}`, {
    status: 500,
    headers: { "content-type": "text/plain" },
  });
}

async function saveNothing(): Promise<void> {}

async function openPbx(
  seed: Seed,
  quirks: Quirks,
  clock: SandboxClock,
  dataFile: string | undefined,
): Promise<Pbx> {
  const snapshot = dataFile === undefined ? undefined : await readState(dataFile);
  const orders = (seed.apps ?? []).flatMap(({ number, compile }) =>
    compile === undefined ? [] : [[number, compile] as const],
  );
  const pbx = createPbx({
    quirks,
    clock,
    compile: seed.compile ?? {},
    compileOf: new Map(orders),
    version: seed.version ?? DEFAULT_VERSION,
    ...(snapshot === undefined ? {} : { snapshot }),
  });
  if (snapshot === undefined) await plantSeed(pbx, seed, clock.now());
  return pbx;
}
