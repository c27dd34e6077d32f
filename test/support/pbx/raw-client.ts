import { onTestFinished } from "vitest";
import type { SandboxClock } from "../../../src/sandbox/clock.ts";
import { startSandbox } from "../../../src/sandbox/server.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/server.ts";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when there is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly json: any;
}

/** Requests as another program would send them: with fetch, and nothing of Callform's. */
export interface RawClient {
  readonly sandbox: Sandbox;
  readonly login: (secret?: string) => Promise<RawAnswer>;
  readonly send: (method: string, path: string, body?: unknown) => Promise<RawAnswer>;
  readonly get: (path: string) => Promise<RawAnswer>;
  /** The `value` of a collection. Fails the test unless the answer is 200. */
  readonly list: (path: string) => Promise<readonly Entity[]>;
  /** Creates an entity. Fails the test unless the answer is 201. */
  readonly create: (set: string, body: unknown) => Promise<Entity>;
  /** `Set(id)` of the extension with that number. Fails the test unless there is one. */
  readonly at: (set: string, number: string) => Promise<string>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into entities of every shape
export type Entity = Readonly<Record<string, any>>;

export interface ManualClock extends SandboxClock {
  readonly advance: (milliseconds: number) => void;
}

/** A `{ error }` body with one warning, as live PBXs write it. */
export function warning(target: string, code: string): unknown {
  const detail = { code: "", message: `WARNINGS.${code}`, target };
  return { error: { code: "", message: `${target}:\nWARNINGS.${code}`, details: [detail] } };
}

export const DELTA = {
  error: { code: "", message: "The input was not valid.\n\ndelta:\nThe delta field is required." },
};

/** A clock that stands still until it is told; a sleep is over when the time has come. */
export function manualClock(start = Date.parse("2026-01-01T00:00:00Z")): ManualClock {
  let now = start;
  let sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: async (milliseconds) =>
      new Promise((wake) => {
        sleepers.push({ until: now + milliseconds, wake });
      }),
    advance(milliseconds) {
      now += milliseconds;
      const due = sleepers.filter(({ until }) => until <= now);
      sleepers = sleepers.filter(({ until }) => until > now);
      for (const { wake } of due) wake();
    },
  };
}

export const GOOD_SCRIPT = `using System;

namespace dummy
{
    public class Greeter : ScriptBase<Greeter>
    {
        public override void Start()
        {
            MyCall.Terminate();
        }
    }
}
`;

export const BAD_SCRIPT = GOOD_SCRIPT.replace("Terminate();", "Terminate()");

/** A sandbox that ends with the test, and a client that is logged in to it. */
export async function openSandbox(options: SandboxOptions = {}): Promise<RawClient> {
  const sandbox = await startSandbox(options);
  onTestFinished(async () => sandbox.close());
  const client = createClient(sandbox);
  await client.login();
  sandbox.clearRequests();
  return client;
}

/** A client of its own token; it starts without one. */
export function createClient(sandbox: Sandbox, clientId = sandbox.clientId): RawClient {
  let token = "";
  const send = async (method: string, path: string, body?: unknown): Promise<RawAnswer> => {
    const url = path.startsWith("/") ? `${sandbox.url}${path}` : `${sandbox.url}/xapi/v1/${path}`;
    return readAnswer(
      await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  };
  const list = async (path: string): Promise<readonly Entity[]> => {
    const answer = await send("GET", path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json.value;
  };
  return {
    sandbox,
    send,
    list,
    async create(set, body) {
      const answer = await send("POST", set, body);
      if (answer.status !== 201) throw new Error(`${set}: ${answer.status} ${answer.text}`);
      return answer.json;
    },
    async at(set, number) {
      const [entity] = await list(`${set}?$select=Id&$filter=Number eq '${number}'`);
      if (entity === undefined) throw new Error(`no ${number} in ${set}`);
      return `${set}(${entity["Id"]})`;
    },
    async login(secret = sandbox.clientSecret) {
      const form = { client_id: clientId, client_secret: secret, grant_type: "client_credentials" };
      const body = new URLSearchParams(form);
      const answer = await readAnswer(
        await fetch(`${sandbox.url}/connect/token`, { method: "POST", body }),
      );
      token = answer.json?.access_token ?? token;
      return answer;
    },
    get: async (path) => send("GET", path),
  };
}

async function readAnswer(response: Response): Promise<RawAnswer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json:
      text === "" || !/json/u.test(response.headers.get("content-type") ?? "")
        ? undefined
        : JSON.parse(text),
  };
}
