import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { FaultAction } from "../faults/read.ts";
import type { Json } from "../json.ts";

/** What goes back to the client, before faults are done with it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for none. */
  readonly body: string | undefined;
}

const JSON_TYPE = "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8";

export function answerWith(
  status: number,
  body: Json | undefined,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  if (body === undefined) return { status, headers, body: undefined };
  return {
    status,
    headers: { "content-type": JSON_TYPE, ...headers },
    body: JSON.stringify(body),
  };
}

/** The answer as the faults that strike it leave it: another status, or a body that does not parse. */
export function spoil(answer: Answer, actions: readonly FaultAction[]): Answer {
  let spoiled = answer;
  for (const action of actions) {
    if (action.type === "status") {
      const { status, headers = {}, body } = action;
      spoiled = { status, headers: { "content-type": "application/json", ...headers }, body };
    }
    if (action.type === "malformed") spoiled = { ...spoiled, body: `${spoiled.body ?? ""}}{` };
  }
  return spoiled;
}

export function toResponse({ status, headers, body }: Answer): Response {
  return new Response(body ?? null, { status, headers: { ...headers } });
}

/** Ends the connection as a crash would, without an answer. */
export function resetConnection({ incoming }: HttpBindings): Response {
  incoming.socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

/** Sends half of the body and ends the connection. */
export async function truncate(answer: Answer, { outgoing }: HttpBindings): Promise<Response> {
  const body = Buffer.from(answer.body ?? "");
  outgoing.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  await new Promise<void>((resolve) => {
    outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => {
      resolve();
    });
  });
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}
