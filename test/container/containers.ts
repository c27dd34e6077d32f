import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import {
  GenericContainer,
  Wait,
  type StartedNetwork,
  type StartedTestContainer,
  type WaitStrategy,
} from "testcontainers";
import type { Engine } from "./engine.ts";

/** The port that the sandbox listens on inside its container. */
export const PORT = 8080;

const LONGEST_RUN = 120_000;

/** What one run of the command line in a container came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Without one the container has no network at all. */
  readonly network?: StartedNetwork;
  readonly env?: Readonly<Record<string, string>>;
  /** Below the working directory. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Runs the image with these arguments in a new container until it ends by itself. Throws after two minutes. */
export async function runToEnd(
  engine: Engine,
  image: string,
  args: readonly string[],
  { network, env = {}, files = {} }: RunOptions,
): Promise<Outcome> {
  const described = new GenericContainer(image)
    .withCommand([...args])
    .withEnvironment({ ...env })
    .withCopyContentToContainer(placeFiles(files))
    .withWaitStrategy(waitForEnd());
  const container = await (
    network === undefined ? described.withNetworkMode("none") : described.withNetwork(network)
  ).start();
  try {
    return await readOutcome(engine, container.getId());
  } finally {
    await container.stop();
  }
}

/** Starts the image as the PBX `name` of a network, reachable from this machine too, and waits until it answers. */
export async function startPbx(
  image: string,
  network: StartedNetwork,
  options: {
    readonly name: string;
    readonly args?: readonly string[];
    readonly files?: Readonly<Record<string, string>>;
    /** A volume for `/data`. */
    readonly volume?: string;
  },
): Promise<StartedTestContainer> {
  const { name, args, files = {}, volume } = options;
  const described = new GenericContainer(image)
    .withNetwork(network)
    .withNetworkAliases(name)
    .withExposedPorts(PORT)
    .withCopyContentToContainer(placeFiles(files))
    .withWaitStrategy(Wait.forHttp("/", PORT).withReadTimeout(250));
  if (args !== undefined) described.withCommand([...args]);
  if (volume !== undefined) described.withBindMounts([{ source: volume, target: "/data" }]);
  return described.start();
}

/** Where the PBX in a container is reached from this machine. */
export function locatePbx(pbx: StartedTestContainer): string {
  return `http://${pbx.getHost()}:${pbx.getMappedPort(PORT)}`;
}

async function readOutcome(engine: Engine, id: string): Promise<Outcome> {
  const { dockerode } = engine.container;
  const container = dockerode.getContainer(id);
  const logs = await container.logs({ follow: true, stdout: true, stderr: true });
  const [out, err] = [new PassThrough(), new PassThrough()];
  dockerode.modem.demuxStream(logs, out, err);
  logs.once("end", () => {
    out.end();
    err.end();
  });
  const [stdout, stderr] = await Promise.all([text(out), text(err)]);
  const { State: state } = await container.inspect();
  return { code: state.ExitCode, stdout, stderr };
}

/** Testcontainers' own strategy for this takes any exit code but 0 for a failure to start. */
function waitForEnd(): WaitStrategy {
  const strategy: WaitStrategy = {
    async waitUntilReady(container) {
      await container.wait({ abortSignal: AbortSignal.timeout(LONGEST_RUN) });
    },
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => LONGEST_RUN,
  };
  return strategy;
}

function placeFiles(
  files: Readonly<Record<string, string>>,
): { content: string; target: string }[] {
  return Object.entries(files).map(([name, content]) => ({ content, target: `/work/${name}` }));
}
