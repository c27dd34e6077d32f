import type { AppState, SandboxConsole } from "../console.ts";
import type { RequestRecord } from "../http/log.ts";

/** What the page shows of an app in its list. */
export interface AppLine {
  readonly number: string;
  readonly name: string;
  readonly routing: string;
  readonly state: "live" | "compiling" | "refused, the old script runs" | "nothing to run";
}

export interface PageState {
  readonly total: number;
  readonly matching: number;
  /** The first of those that match. */
  readonly apps: readonly AppLine[];
  /** The newest first. */
  readonly requests: readonly Omit<RequestRecord, "body">[];
}

const SHOWN_APPS = 100;
const SHOWN_REQUESTS = 50;

/** The state of the page for those apps whose number or name contains the text. */
export function readPageState(
  console: SandboxConsole,
  requests: readonly RequestRecord[],
  find: string,
): PageState {
  const apps = console.list();
  const wanted = find.toLowerCase();
  const matching = apps.filter(({ Number: number, Name: name }) =>
    `${number} ${name}`.toLowerCase().includes(wanted),
  );
  return {
    total: apps.length,
    matching: matching.length,
    apps: matching.slice(0, SHOWN_APPS).map((app) => ({
      number: app.Number,
      name: app.Name,
      routing: app.RoutingType ?? "",
      state: stateOf(app),
    })),
    requests: requests
      .slice(-SHOWN_REQUESTS)
      .map(({ method, path, query, status, sentAt }) => ({ method, path, query, status, sentAt }))
      .reverse(),
  };
}

function stateOf(app: AppState): AppLine["state"] {
  if (app.compiling) return "compiling";
  if (app.CompilationSucceeded) return "live";
  return app.runnable === null ? "nothing to run" : "refused, the old script runs";
}
