import { existsSync } from "node:fs";
import path from "node:path";
import { getContainerRuntimeClient, type ContainerRuntimeClient } from "testcontainers";

export type Engine = ContainerRuntimeClient;

/** What keeps the container tests from running on this machine, in words. */
export interface Missing {
  readonly reason: string;
}

/** npm as it lies beside a node that came with one. */
export const NPM_FOLDER = path.resolve(path.dirname(process.execPath), "../lib/node_modules/npm");

/** True where nothing may be skipped. */
export const MUST_RUN = !["", "false"].includes(process.env["CI"] ?? "");

// Testcontainers would pull its own cleaner from a registry; these tests clean up themselves.
process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";

/** The container engine of this machine, by DOCKER_HOST or its usual sockets, or why there is none to test with. */
export async function findEngine(): Promise<Engine | Missing> {
  if (process.platform !== "linux")
    return { reason: "the base image is made of this machine's node, which is not a Linux one" };
  if (!existsSync(NPM_FOLDER)) return { reason: `no npm lies beside node at ${NPM_FOLDER}` };
  try {
    return await getContainerRuntimeClient();
  } catch {
    return { reason: "no container engine answers; set DOCKER_HOST or start one" };
  }
}
