import { once } from "node:events";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { text as readText } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchIdentity } from "../tls.ts";

export type Fields = Readonly<Record<string, unknown>>;

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** A JSON object; empty for none. */
  readonly body: Fields;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** The part of a system's API that a peer uses, with the objects it keeps. */
export interface Api {
  /** Undefined where the stand-in has nothing. */
  answer(request: ApiRequest): ApiAnswer | undefined;
  /** The text that the object of this name has now. */
  textOf(name: string): string | undefined;
}

export interface Tally {
  readonly requests: number;
  /** Whatever is not a GET. */
  readonly writes: number;
  /** Most requests in flight at once. */
  readonly peak: number;
}

export interface StandIn {
  readonly url: string;
  /** Throws when something was asked that the stand-in could not answer: the comparison would be about errors. */
  tally(): Tally;
  clear(): void;
  close(): Promise<void>;
}

export interface StandInOptions {
  /** Milliseconds that every answer takes longer. */
  readonly latency: number;
  /** With it the stand-in is reached through TLS. */
  readonly identity?: BenchIdentity;
}

/** Serves an API on a free port of the loopback. It runs in the process of the bench, which has nothing to do meanwhile. */
export async function startStandIn(
  api: Api,
  { latency, identity }: StandInOptions,
): Promise<StandIn> {
  let [requests, writes, flying, peak] = [0, 0, 0, 0];
  const unanswered = new Set<string>();
  const respond = async (incoming: IncomingMessage): Promise<ApiAnswer> => {
    const request = await readRequest(incoming);
    requests += 1;
    if (request.method !== "GET") writes += 1;
    if (latency > 0) await sleep(latency);
    const answer = api.answer(request);
    if (answer !== undefined) return answer;
    const what = `${request.method} ${request.path}`;
    unanswered.add(what);
    return { status: 404, body: { message: `the stand-in has no ${what}` } };
  };
  const fail = (error: unknown): ApiAnswer => {
    unanswered.add(String(error));
    return { status: 500, body: { message: String(error) } };
  };
  const send = ({ status, body }: ApiAnswer, outgoing: ServerResponse): void => {
    outgoing.statusCode = status;
    // A client may take the header as a promise of a body.
    if (body !== undefined) outgoing.setHeader("content-type", "application/json");
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const server = identity === undefined ? createHttpServer() : createHttpsServer(identity);
  server.on("request", (incoming, outgoing) => {
    flying += 1;
    peak = Math.max(peak, flying);
    outgoing.once("close", () => (flying -= 1));
    void respond(incoming)
      .catch(fail)
      .then((answer) => send(answer, outgoing));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  const { port } = address;
  return {
    url: identity === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    tally() {
      if (unanswered.size > 0)
        throw new Error(`the stand-in could not answer: ${[...unanswered].join(", ")}`);
      return { requests, writes, peak };
    },
    clear() {
      [requests, writes, peak] = [0, 0, flying];
      unanswered.clear();
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ApiRequest> {
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://stand-in");
  const body = await readText(incoming);
  return {
    method: incoming.method ?? "GET",
    path: decodeURIComponent(pathname),
    query: searchParams,
    body: body === "" ? {} : readFields(body),
  };
}

/** The object that a JSON text says. Throws for anything else. */
export function readFields(json: string): Fields {
  const value: unknown = JSON.parse(json);
  if (!isFields(value)) throw new Error(`not an object: ${json.slice(0, 80)}`);
  return value;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
