import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { refuse, type Answer, type Route } from "./answer.ts";
import { checkRoutes } from "./checks.ts";
import { readGithubContract, type Asked } from "./contract.ts";
import { deploymentRoutes } from "./deployments.ts";
import { asTree } from "./description.ts";
import { createGithubFaults, type GithubFault, type GithubFaultAction } from "./faults.ts";
import { issueRoutes } from "./issues.ts";
import { concernsPull, findLack, FULL_PERMISSIONS, type Permissions } from "./permissions.ts";
import { pullRoutes } from "./pulls.ts";
import { createState, type Actor, type GithubState } from "./state.ts";

/** One request, as it came and as it was answered. */
export interface GithubRequest {
  readonly method: string;
  /** With the query, as it came. */
  readonly target: string;
  readonly path: string;
  /** As text; empty when there was none. */
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
  /** 0 where none was given. */
  status: number;
}

/** Asked before a request takes effect and before its answer leaves; `drop` cuts the line there. */
export type Intercept = (
  count: number,
  phase: "before" | "after",
  request: GithubRequest,
) => "drop" | undefined;

export interface Github {
  /** What GITHUB_API_URL says. */
  readonly url: string;
  /** The token of a workflow. */
  readonly token: string;
  readonly state: GithubState;
  readonly requests: readonly GithubRequest[];
  /** Requests that GitHub's description would reject, and answers that it would never give. */
  readonly violations: readonly string[];
  setPermissions(permissions: Permissions): void;
  addFault(fault: GithubFault): void;
  clearFaults(): void;
  intercept(listener: Intercept | undefined): void;
  clearRequests(): void;
  close(): Promise<void>;
}

export interface GithubOptions {
  readonly owner?: string;
  readonly name?: string;
  readonly permissions?: Permissions;
  /** Where the API lies below the host, as at GitHub Enterprise Server: `/api/v3`. */
  readonly prefix?: string;
}

export const ACTIONS_APP = { id: 15_368, slug: "github-actions", name: "GitHub Actions" };
const ACTIONS_BOT = {
  login: "github-actions[bot]",
  id: 41_898_282,
  type: "Bot",
  app: ACTIONS_APP,
} as const;
const ROUTES: Readonly<Record<string, Route>> = {
  ...issueRoutes,
  ...checkRoutes,
  ...deploymentRoutes,
  ...pullRoutes,
};
/** As long as a real one, so that it is treated as one. */
const TOKEN = "ghs_16C7e42F292c6912E7710c838347Ae178B4a";

/** A GitHub for one test: it closes with the test, and fails it for every request that GitHub's description would reject. */
export async function openGithub(
  options: GithubOptions = {},
  after: typeof onTestFinished = onTestFinished,
): Promise<Github> {
  const github = await startGithub(options);
  after(async () => {
    await github.close();
    const { violations } = github;
    if (violations.length > 0)
      throw new Error(`GitHub's description knows no such request:\n${violations.join("\n")}`);
  });
  return github;
}

/** A GitHub with one repository, on a free port of this machine. It keeps state and checks what it is asked. */
export async function startGithub({
  owner = "acme",
  name = "phones",
  permissions = FULL_PERMISSIONS,
  prefix = "",
}: GithubOptions = {}): Promise<Github> {
  const contract = readGithubContract();
  const state = createState(owner, name);
  const faults = createGithubFaults();
  const requests: GithubRequest[] = [];
  const violations: string[] = [];
  let actor: Actor = { ...ACTIONS_BOT, permissions };
  let listener: Intercept | undefined;
  let root = "";

  function answer(asked: Asked): Answer {
    const wrong = contract.judgeRequest(asked);
    violations.push(...wrong.map((text) => `${asked.method} ${asked.path} ${text}`));
    const found = contract.find(asked);
    if (found === undefined) return refuse(404, "Not Found");
    const { operation, pathTexts } = found;
    if (
      asked.headers["authorization"] !== `token ${TOKEN}` &&
      asked.headers["authorization"] !== `Bearer ${TOKEN}`
    )
      return refuse(401, "Bad credentials");
    if (actor.app !== undefined && !operation.forApps)
      return refuse(403, "Resource not accessible by integration");
    if (pathTexts["owner"] !== undefined && !isOwn(pathTexts)) return refuse(404, "Not Found");
    const lack = findLack(operation.id, actor.permissions, concernsPull(state, pathTexts));
    if (lack !== undefined)
      return {
        ...refuse(403, "Resource not accessible by integration"),
        headers: { "x-accepted-github-permissions": lack },
      };
    if (wrong.length > 0) return refuse(422, `Invalid request.\n\n${wrong.join("\n")}`);
    const route = ROUTES[operation.id];
    if (route === undefined) {
      violations.push(`${operation.name} is GitHub's, but the stand-in does not play it`);
      return refuse(501, "not played");
    }
    const given = route({
      state,
      actor,
      pathTexts,
      query: asked.query,
      body: asTree(asked.body),
      url: `${root}${asked.path}`,
      root,
    });
    const mistakes = contract.judgeAnswer(operation, given.status, given.body);
    violations.push(...mistakes.map((text) => `${operation.name} ${given.status}: ${text}`));
    return given;
  }

  function isOwn(pathTexts: Readonly<Record<string, string>>): boolean {
    const asked = `${pathTexts["owner"]}/${pathTexts["repo"]}`;
    return asked.toLowerCase() === `${owner}/${name}`.toLowerCase();
  }

  function play(incoming: IncomingMessage, outgoing: ServerResponse, body: string): void {
    const target = (incoming.url ?? "").slice(prefix.length);
    const [path = "", ...rest] = target.split("?");
    const { method = "GET", headers } = incoming;
    const request: GithubRequest = { method, target, path, body, headers, status: 0 };
    requests.push(request);
    const count = requests.length;
    const cut = (phase: "before" | "after"): boolean =>
      listener?.(count, phase, request) === "drop";
    const fault = faults.strike(method, path);
    if (cut("before") || isReset(fault, "before")) return void incoming.socket.destroy();
    if (fault?.type === "hang") return;
    const early = fault?.type === "answer" && fault.when !== "after" ? fault.answer : undefined;
    const asked = {
      method,
      path,
      query: new URLSearchParams(rest.join("?")),
      headers,
      body: parse(body),
    };
    const honest = early ?? answer(asked);
    if (cut("after") || isReset(fault, "after")) return void incoming.socket.destroy();
    const given = fault?.type === "answer" ? fault.answer : honest;
    request.status = given.status;
    send(outgoing, given, requests.length, fault?.type === "truncate");
  }

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      try {
        play(incoming, outgoing, Buffer.concat(chunks).toString());
      } catch (error) {
        violations.push(
          `the stand-in failed at ${incoming.method} ${incoming.url}: ${String(error)}`,
        );
        incoming.socket.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;

  return {
    url: root,
    token: TOKEN,
    state,
    requests,
    violations,
    setPermissions: (to) => {
      actor = { ...actor, permissions: to };
    },
    addFault: faults.add,
    clearFaults: faults.clear,
    intercept: (to) => {
      listener = to;
    },
    clearRequests: () => {
      requests.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function isReset(fault: GithubFaultAction | undefined, when: "before" | "after"): boolean {
  return fault?.type === "reset" && fault.when === when;
}

function parse(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function send(outgoing: ServerResponse, given: Answer, count: number, truncated: boolean): void {
  const { status, body, headers = {} } = given;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  outgoing.writeHead(status, {
    ...(text === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
    "x-github-request-id": `CAFE:${count}`,
    "x-ratelimit-limit": "1000",
    "x-ratelimit-remaining": String(Math.max(1, 1000 - count)),
    "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 3600),
    ...headers,
    ...(truncated ? { "content-length": String(Buffer.byteLength(text ?? "")) } : {}),
  });
  if (!truncated) return void outgoing.end(text);
  outgoing.write((text ?? "").slice(0, 20), () => outgoing.socket?.destroy());
}
