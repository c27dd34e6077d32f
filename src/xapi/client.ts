import type { Entity, Reader, Writer } from "../domain/ports.ts";
import { createReader, type OnPage } from "./odata/reader.ts";
import { createTokenSource, type Credentials, type Token } from "./token/token.ts";
import {
  createTransport,
  type Outcome,
  type Request,
  type TransportOptions,
} from "./http/transport.ts";
import { createWriter } from "./odata/writer.ts";

const ROOT = "/xapi/v1";

export interface ClientOptions extends TransportOptions, Credentials {
  /** Entities read so far, and of how many. */
  readonly onPage?: OnPage | undefined;
}

export interface Client {
  readonly reader: Reader;
  readonly writer: Writer;
  close(): Promise<void>;
}

/** A PBX behind its configuration API, as separate reading and writing halves that share one token. */
export function createClient(options: ClientOptions): Client {
  const transport = createTransport(options);
  const tokens = createTokenSource(transport, options, options.clock);
  /** What a fresh token was refused too: another one would not help. */
  const forbidden = new Set<string>();

  async function send(request: Request, body?: Entity): Promise<Outcome> {
    const deed = nameDeed(request);
    let token = await tokens.get(request.signal);
    let doubted: Token | undefined;
    const first = body === undefined ? request : { ...request, body: JSON.stringify(body) };
    let given: Request = first;
    for (;;) {
      const outcome = await transport.request({
        ...given,
        path: ROOT + given.path,
        headers: {
          ...given.headers,
          authorization: `Bearer ${token.value.reveal()}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
      });
      if (outcome.state !== "answered") return outcome;
      // A superseded token was seen answered with 401 by some and 403 by others; a second 403 is the role's.
      if (outcome.status !== 401 && outcome.status !== 403) return outcome;
      if (outcome.status === 403 && (doubted !== undefined || forbidden.has(deed))) {
        forbidden.add(deed);
        if (doubted !== undefined) tokens.absolve(doubted);
        return outcome;
      }
      doubted = token;
      token = await tokens.replace(token, request.signal);
      // It may have been sent more than once by now, and a token can be long in coming.
      const next = (await given.again?.()) ?? {};
      if (next === "done") return { state: "done" };
      given = { ...first, ...next };
    }
  }

  const reader = createReader(send, options.onPage);
  return { reader, writer: createWriter(send, reader), close: () => transport.close() };
}

/** `PATCH CallFlowApps`: what a role allows or not. */
function nameDeed({ method, path }: Pick<Request, "method" | "path">): string {
  return `${method} ${path.split(/[/(?]/)[1]}`;
}
