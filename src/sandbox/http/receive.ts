import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { parseJson } from "../json.ts";
import type { Json } from "../json.ts";

export type SandboxContext = Context<{ Bindings: HttpBindings }>;

export const API = "/xapi/v1";

/** A request, read. */
export interface Received {
  readonly method: string;
  /** Still encoded. */
  readonly rawPath: string;
  /** Decoded. */
  readonly path: string;
  /** Decoded, as it is logged. */
  readonly query: string;
  readonly options: URLSearchParams;
  readonly body: Json | undefined;
  readonly authorization: string | undefined;
  readonly base: string;
}

/** Reads a request to its end. A body that does not parse is no body: the PBX answers both alike. */
export async function receive(context: SandboxContext): Promise<Received> {
  const url = new URL(context.req.url);
  const type = context.req.header("content-type") ?? "";
  return {
    method: context.req.method,
    rawPath: url.pathname,
    path: decode(url.pathname),
    query: decode(url.search.slice(1).replaceAll("+", " ")),
    options: url.searchParams,
    body: await readBody(context, type),
    authorization: context.req.header("authorization"),
    base: `${url.origin}${API}`,
  };
}

async function readBody(context: SandboxContext, type: string): Promise<Json | undefined> {
  if (context.req.method === "GET") return undefined;
  if (
    type.startsWith("application/x-www-form-urlencoded") ||
    type.startsWith("multipart/form-data")
  ) {
    const form = await context.req.parseBody();
    return Object.fromEntries(
      Object.entries(form).map(([name, value]) => [name, typeof value === "string" ? value : ""]),
    );
  }
  return parseJson(await context.req.text());
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
