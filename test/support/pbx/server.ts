import { onTestFinished } from "vitest";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createRawServer, type Server } from "node:net";

/** A request as it arrived. */
export interface Seen {
  readonly method: string;
  /** With query, as it stood on the request line. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  readonly bytes?: Uint8Array;
}

/** `reset`: drops the connection · `hang`: never answers · `stall`: half an answer, then silence · `cut`: half, then a reset ·
 * `trickle`: a byte now and then, for ever. */
export type Reply = Answer | "reset" | "hang" | "stall" | "cut" | "trickle";

export interface PbxServer {
  readonly origin: string;
  readonly requests: readonly Seen[];
  /** The most requests that were open at the same time. */
  readonly peak: () => number;
  close(): Promise<void>;
}

export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

/** An HTTP server on a free port of this machine that answers as scripted; `index` counts the requests from 0. */
export async function startServer(
  reply: (seen: Seen, index: number) => Reply | Promise<Reply>,
  tls?: TlsIdentity,
): Promise<PbxServer> {
  const requests: Seen[] = [];
  let open = 0;
  let peak = 0;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    open += 1;
    peak = Math.max(peak, open);
    response.once("close", () => {
      open -= 1;
    });
    const seen = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: await readBody(request),
    };
    requests.push(seen);
    send(response, await reply(seen, requests.length - 1));
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    respond(request, response).catch((error: unknown) => response.destroy(asError(error)));
  };
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  const port = await listen(server);
  return {
    origin: `${tls === undefined ? "http" : "https"}://localhost:${port}`,
    requests,
    peak: () => peak,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Takes connections and never says a word, so that a TLS handshake never ends. */
export async function startSilentServer(): Promise<PbxServer> {
  const server = createRawServer();
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket));
  const port = await listen(server);
  return {
    origin: `https://localhost:${port}`,
    requests: [],
    peak: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** An address at which nothing listens any more. */
export async function findDeafOrigin(): Promise<string> {
  const server = await startServer(() => ({ status: 200 }));
  await server.close();
  return server.origin;
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === "hang") return;
  if (reply === "reset") return void response.socket?.resetAndDestroy();
  if (reply === "stall" || reply === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"value":[', () => {
      if (reply === "cut") response.socket?.destroy();
    });
    return;
  }
  if (reply === "trickle") {
    response.writeHead(200, { "content-type": "application/json" });
    const drip = setInterval(() => response.write(" "), 10);
    response.once("close", () => clearInterval(drip));
    return;
  }
  const text =
    reply.bytes ?? reply.text ?? (reply.json === undefined ? "" : JSON.stringify(reply.json));
  response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
  response.end(text);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "localhost", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no port"));
      else resolve(address.port);
    });
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** A server that lasts as long as the test. */
export async function serve(
  reply: (seen: Seen, index: number) => Reply | Promise<Reply>,
): Promise<PbxServer> {
  const server = await startServer(reply);
  onTestFinished(() => server.close());
  return server;
}
