import { once } from "node:events";
import path from "node:path";
import { readInputFile } from "../../app/input-file.ts";
import { failure } from "../../domain/problem.ts";
import { readFaults } from "../../sandbox/faults/read.ts";
import { readSeed } from "../../sandbox/state/seed.ts";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/server.ts";
import type { Context } from "../context.ts";

type SandboxFlags = Readonly<Record<string, string | boolean | undefined>>;

const MAX_PORT = 65_535;
const MAX_LATENCY = 600_000;

/** `callform sandbox`: simulates a PBX until it is told to stop; 0 then, 1 when it cannot start. */
export async function sandbox(context: Context, flags: SandboxFlags): Promise<number> {
  const { console, stop } = context;
  const running = await start(await readOptions(context.surroundings.cwd, flags));
  const { url, clientId, clientSecret } = running;
  if (flags["json"] === true) console.out(`${JSON.stringify({ url, clientId, clientSecret })}\n`);
  else console.out(`A simulated PBX listens at ${url}\n\n${writeEnvironment(running)}\n`);
  if (!stop.aborted) await once(stop, "abort");
  await running.close();
  return 0;
}

function writeEnvironment({ url, clientId, clientSecret }: Sandbox): string {
  return [
    `  export CALLFORM_URL=${url}`,
    `  export CALLFORM_CLIENT_ID=${clientId}`,
    `  export CALLFORM_CLIENT_SECRET=${clientSecret}`,
    "",
    "Stop it with Ctrl-C.",
  ].join("\n");
}

async function start(options: SandboxOptions): Promise<Sandbox> {
  try {
    return await startSandbox(options);
  } catch (error) {
    throw failure("sandbox-start", `the sandbox cannot start: ${explain(error)}`);
  }
}

async function readOptions(cwd: string, flags: SandboxFlags): Promise<SandboxOptions> {
  const [seed, faults] = [readText(flags, "seed"), readText(flags, "faults")];
  const [data, record] = [readText(flags, "data"), readText(flags, "record")];
  return {
    host: readText(flags, "host") ?? "127.0.0.1",
    port: readCount(flags, "port", MAX_PORT),
    latency: readCount(flags, "latency", MAX_LATENCY),
    ...(seed === undefined ? {} : { seed: await readInput(cwd, seed, readSeed) }),
    ...(faults === undefined ? {} : { faults: await readInput(cwd, faults, readFaults) }),
    ...(data === undefined ? {} : { dataFile: path.resolve(cwd, data) }),
    ...(record === undefined ? {} : { recordFile: path.resolve(cwd, record) }),
  };
}

async function readInput<T>(
  cwd: string,
  file: string,
  parse: (text: string, name: string) => T,
): Promise<T> {
  const reading = await readInputFile(path.resolve(cwd, file));
  if ("reason" in reading) {
    throw failure("sandbox-input", `${file} cannot be read: ${reading.reason}`);
  }
  try {
    return parse(reading.text, file);
  } catch (error) {
    throw failure("sandbox-input", explain(error));
  }
}

function readCount(flags: SandboxFlags, name: string, most: number): number {
  const text = readText(flags, name) ?? "0";
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw failure("invalid-flag", `--${name} takes a whole number from 0 to ${most}, not "${text}"`);
}

function readText(flags: SandboxFlags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
