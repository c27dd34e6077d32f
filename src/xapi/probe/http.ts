import { Pool } from "undici";
import type { Clock } from "../../domain/ports.ts";
import { explainNetworkError, type NetworkFault } from "../http/network.ts";
import type { Patience } from "./name.ts";
import { trustAlso } from "../http/trust.ts";
import { waitUnder } from "../http/wait-under.ts";

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export interface HttpAnswer {
  readonly state: "answered";
  readonly status: number;
  /** Names in lower case; of a repeated one the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The text as JSON, or undefined where it is none. */
  readonly body: unknown;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

export type HttpReading =
  | HttpAnswer
  | { readonly state: "silent" }
  | { readonly state: "fault"; readonly fault: NetworkFault };

export interface HttpQuestion {
  /** The token request is the one thing that is posted. */
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpProbe {
  /** One request, never repeated, no redirect followed. Throws only the signal's reason, on abort. */
  ask(question: HttpQuestion): Promise<HttpReading>;
  close(): Promise<void>;
}

export interface HttpProbeOptions extends Patience {
  readonly origin: string;
  /** PEM of a further authority. */
  readonly ca?: string | undefined;
  readonly clock: Pick<Clock, "now">;
}

/** Single requests to one server over verified connections, for looking at what it answers. */
export function createHttpProbe(options: HttpProbeOptions): HttpProbe {
  const { origin, ca, clock, timeout, signal } = options;
  const pool = new Pool(origin, {
    connections: 1,
    maxResponseSize: MAX_ANSWER_BYTES,
    connect: {
      timeout,
      rejectUnauthorized: true,
      ...trustAlso(ca),
    },
  });

  async function read(question: HttpQuestion, ended: AbortSignal): Promise<HttpAnswer> {
    const sentAt = clock.now();
    const { statusCode, headers, body } = await pool.request({
      ...question,
      headers: { accept: "application/json", "user-agent": "callform", ...question.headers },
      body: question.body ?? null,
      signal: ended,
    });
    const answeredAt = clock.now();
    const text = await body.text();
    return {
      state: "answered",
      status: statusCode,
      headers: flatten(headers),
      text,
      body: parseJson(text),
      sentAt,
      answeredAt,
    };
  }

  return {
    async ask(question) {
      signal.throwIfAborted();
      const late = AbortSignal.timeout(timeout);
      const ended = AbortSignal.any([signal, late]);
      try {
        return await waitUnder(read(question, ended), ended);
      } catch (error) {
        signal.throwIfAborted();
        if (late.aborted) return { state: "silent" };
        return { state: "fault", fault: explainNetworkError(error, new URL(origin).host) };
      }
    },
    close: () => pool.destroy(),
  };
}

function flatten(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const first = typeof value === "string" ? value : value?.[0];
    if (first !== undefined) flat[name.toLowerCase()] = first;
  }
  return flat;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
