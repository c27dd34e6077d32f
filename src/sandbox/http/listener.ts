import { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

export type SandboxApp = Hono<{ Bindings: HttpBindings }>;

/** Milliseconds that a request under way is given to be answered. */
const GRACE = 250;

/** The listening socket, which can go away and come back on the same port. */
export interface Listener {
  readonly port: number;
  /** Refuses new connections, and ends those there are: at once, or once their answer is out, which it waits for a moment. */
  close(how: "at-once" | "gracefully"): Promise<void>;
  reopen(): Promise<void>;
}

/** Listens; port 0 takes a free one. Throws the system's error when the port cannot be had. */
export async function listen(app: SandboxApp, host: string, port: number): Promise<Listener> {
  let server = await open(app, host, port);
  const taken = portOf(server);
  return {
    port: taken,
    async close(how) {
      await closeServer(server, how === "gracefully" ? GRACE : 0);
    },
    async reopen() {
      server = await open(app, host, taken);
    },
  };
}

async function open(app: SandboxApp, host: string, port: number): Promise<Server> {
  const server = createAdaptorServer({ fetch: app.fetch });
  if (!(server instanceof Server))
    throw new Error("the adaptor gave another server than asked for");
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

async function closeServer(server: Server, grace: number): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    const impatience = setTimeout(() => {
      server.closeAllConnections();
    }, grace);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
  });
}
