import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import type { SandboxConsole } from "../console.ts";
import type { SandboxApp } from "../http/listener.ts";
import type { RequestLog } from "../http/log.ts";
import { writePage } from "./html.ts";
import { readPageState } from "./state.ts";

/** Serves the page at `/` and what it reads. It only reads, and stands in no log and under no fault. */
export function servePage(app: SandboxApp, console: SandboxConsole, log: RequestLog): void {
  app.get("/", (context) => {
    const nonce = randomBytes(16).toString("base64");
    context.header(
      "content-security-policy",
      `default-src 'none'; connect-src 'self'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    return context.html(writePage(nonce));
  });
  app.get("/sandbox/state", (context) =>
    fresh(context).json(readPageState(console, log.records, context.req.query("find") ?? "")),
  );
  app.get("/sandbox/apps/:number", (context) => {
    const found = console.get(context.req.param("number"));
    return found === undefined ? context.notFound() : fresh(context).json(found);
  });
}

function fresh<C extends Context>(context: C): C {
  context.header("cache-control", "no-store");
  return context;
}
