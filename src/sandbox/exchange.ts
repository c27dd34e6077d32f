import { answerWith, resetConnection, spoil, toResponse, truncate } from "./http/answer.ts";
import type { Answer } from "./http/answer.ts";
import { discover } from "./api/discovery.ts";
import { route } from "./api/routes.ts";
import type { SandboxClock } from "./clock.ts";
import type { FaultAction } from "./faults/read.ts";
import { isObject, parseJson } from "./json.ts";
import type { Json } from "./json.ts";
import { redact } from "./http/log.ts";
import type { RequestLog } from "./http/log.ts";
import type { Pbx } from "./pbx/pbx.ts";
import { API, receive } from "./http/receive.ts";
import type { Received, SandboxContext } from "./http/receive.ts";
import { Refusal } from "./refusal.ts";
import { compileOrderOf } from "./faults/strikes.ts";
import type { Faults } from "./faults/strikes.ts";
import type { Tokens } from "./tokens.ts";

/** Everything that one request can touch. */
export interface Machine {
  readonly pbx: Pbx;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly clock: SandboxClock;
  /** Milliseconds before every answer. */
  readonly latency: number;
  /** Called with every finished exchange. */
  record(exchange: Exchange): void;
  /** Once it returns, what was changed survives a crash. */
  save(): Promise<void>;
  /** Goes away for that many milliseconds. */
  restart(milliseconds: number): void;
}

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Credentials left out; in the response they still stand. */
  readonly request: Json | undefined;
  readonly status: number;
  readonly response: Json | undefined;
}

/** Answers one request: the faults that strike it, the work, the log. */
export async function exchange(machine: Machine, context: SandboxContext): Promise<Response> {
  const received = await receive(context);
  const { method, path, query, body } = received;
  const shown = body === undefined ? {} : { body: redact(body) };
  const finish = machine.log.begin({ method, path, query, ...shown });
  const actions = machine.faults.strike({ method, path, query });
  try {
    const answer = await answerUnder(machine, received, actions);
    if (answer === "lost") return resetConnection(context.env);
    finish(answer.status);
    const response = parseJson(answer.body ?? "");
    machine.record({ method, path, query, status: answer.status, request: shown.body, response });
    const isCut = actions.some((action) => action.type === "truncate");
    return isCut ? await truncate(answer, context.env) : toResponse(answer);
  } catch (error) {
    finish(500);
    throw error;
  }
}

/** The answer with everything the faults do to it; `lost` when the connection is to end without one. */
async function answerUnder(
  machine: Machine,
  received: Received,
  actions: readonly FaultAction[],
): Promise<Answer | "lost"> {
  await wait(machine, actions);
  const early = actions.find((action) => isEarly(action));
  if (loseConnection(machine, early)) return "lost";
  if (actions.some((action) => action.type === "supersede")) machine.tokens.supersede();
  const honest = early === undefined ? await work(machine, received, actions) : NO_ANSWER;
  await machine.save();
  const late = actions.find((action) => isLate(action));
  return loseConnection(machine, late) ? "lost" : spoil(honest, actions);
}

const NO_ANSWER: Answer = { status: 0, headers: {}, body: undefined };

async function wait({ clock, latency }: Machine, actions: readonly FaultAction[]): Promise<void> {
  const delays = actions.map((action) => (action.type === "delay" ? action.milliseconds : 0));
  const total = delays.reduce((sum, delay) => sum + delay, latency);
  if (total > 0) await clock.sleep(total);
}

function isEarly(action: FaultAction): boolean {
  if (action.type === "status" || action.type === "restart")
    return action.when === undefined || action.when === "before";
  return action.type === "reset" && action.when === "before";
}

function isLate(action: FaultAction): boolean {
  return (action.type === "reset" || action.type === "restart") && action.when === "after";
}

function loseConnection(machine: Machine, action: FaultAction | undefined): boolean {
  if (action?.type === "restart") machine.restart(action.milliseconds);
  return action?.type === "reset" || action?.type === "restart";
}

/** Does what the request asks for. Refusals become answers here and nowhere else. */
async function work(
  machine: Machine,
  received: Received,
  actions: readonly FaultAction[],
): Promise<Answer> {
  const { pbx, tokens } = machine;
  const headers = { "odata-version": "4.0", "x-3cx-version": pbx.store.version };
  try {
    pbx.compilations.settle();
    if (received.path === "/connect/token") return answerToken(tokens, received);
    if (!received.rawPath.startsWith(API)) return answerWith(404, undefined);
    const client = tokens.identify(received.authorization);
    const path = received.rawPath.slice(API.length).replace(/^\//u, "");
    const discovered = received.method === "GET" ? discover(path, received.base) : undefined;
    if (discovered !== undefined)
      return { ...discovered, headers: { ...headers, ...discovered.headers } };
    const order = compileOrderOf(actions);
    const { status, body, ...more } = await route(pbx, { ...received, path, client, order });
    return answerWith(status, body, { ...headers, ...more.headers });
  } catch (error) {
    if (error instanceof Refusal) return answerWith(error.status, error.body, headers);
    throw error;
  }
}

function answerToken(tokens: Tokens, { method, body, authorization }: Received): Answer {
  if (method !== "POST") return answerWith(405, undefined);
  const form = isObject(body) ? body : {};
  return answerWith(200, tokens.issue(form, authorization), { "cache-control": "no-store" });
}
