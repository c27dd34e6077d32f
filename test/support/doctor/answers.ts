import { Secret } from "../../../src/domain/secret.ts";
import type { Verdict } from "../../../src/domain/diagnosis.ts";
import type {
  HttpAnswer,
  HttpProbe,
  HttpQuestion,
  HttpReading,
} from "../../../src/xapi/probe/http.ts";
import type { Credentials } from "../../../src/app/doctor/machine/credentials.ts";
import type { Place } from "../../../src/app/doctor/network/url.ts";

export const PATIENT = { timeout: 120_000, signal: new AbortController().signal };

export const PLACE: Place = {
  origin: "https://pbx.example.com:5001",
  host: "pbx.example.com",
  port: 5001,
  secure: true,
  shortened: false,
};

export const NOON = Date.UTC(2026, 5, 1, 12);

/** An answer as a probe gives it. A body is sent as JSON, unless it is a text. */
export function answer(
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  const isText = typeof body === "string";
  const text = isText ? body : body === undefined ? "" : JSON.stringify(body);
  return {
    state: "answered",
    status,
    headers,
    text,
    body: isText ? undefined : body,
    sentAt: NOON,
    answeredAt: NOON,
  };
}

export function giveToken(token = "token"): HttpAnswer {
  return answer(200, { token_type: "Bearer", expires_in: 60, access_token: token });
}

export interface ScriptedProbe extends HttpProbe {
  readonly asked: readonly HttpQuestion[];
}

/** A probe that answers as scripted; `index` counts the questions from 0. */
export function scriptProbe(
  reply: (question: HttpQuestion, index: number) => HttpReading,
): ScriptedProbe {
  const asked: HttpQuestion[] = [];
  return {
    asked,
    ask: async (question) => {
      asked.push(question);
      return reply(question, asked.length - 1);
    },
    close: () => Promise.resolve(),
  };
}

export function makeCredentials(id = "callform", secret = "s3cr3t-value"): Credentials {
  return {
    clientId: { value: id, from: "--client-id" },
    clientSecret: { value: new Secret(secret), from: "CALLFORM_CLIENT_SECRET" },
  };
}

/** A verdict in one line, as the cause would have it. */
export function tell(verdict: Verdict<unknown>): string {
  return `${verdict.state}: ${verdict.found.join(" | ")} -> ${verdict.advice ?? ""}`;
}
