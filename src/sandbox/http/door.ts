import { bodyLimit } from "hono/body-limit";
import type { SandboxApp } from "./listener.ts";

/** A script may hold 5 MiB, and JSON writes it longer. */
const MAX_BODY = 16 * 1024 * 1024;
/** Ends of names that no page on the internet can have. */
const PRIVATE = /\.(?:localhost|local|internal|test|lan|home\.arpa)$/;

/**
 * Lets in what programs ask and what the sandbox's own page asks. A page of somebody else's, in the browser of whoever runs the
 * sandbox, could otherwise end its tokens, or read its scripts under a name that leads to this machine. Nothing too large is read.
 */
export function guardDoor(app: SandboxApp, bound: string): void {
  app.use("*", async (context, next) => {
    const host = context.req.header("host") ?? "";
    const named = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
    if (!isKnown(named, bound))
      return refuse(
        `it has another name than ${host.slice(0, 80)}; ask it by an address or localhost`,
      );
    const origin = context.req.header("origin");
    if (origin !== undefined && origin !== `http://${host}`)
      return refuse("pages of other origins may not ask it");
    const site = context.req.header("sec-fetch-site") ?? "none";
    const visit =
      context.req.header("sec-fetch-mode") === "navigate" && context.req.method === "GET";
    if (["cross-site", "same-site"].includes(site) && !visit)
      return refuse("pages of other origins may not ask it");
    return next();
  });
  const onError = (): Response =>
    new Response("The request is larger than the sandbox takes", { status: 413 });
  app.use("*", bodyLimit({ maxSize: MAX_BODY, onError }));
}

/** Addresses, names without a dot as networks of containers have them, and private ones: a stranger's name is none of them. */
function isKnown(name: string, bound: string): boolean {
  const address = /^\[.*\]$|^\d+(?:\.\d+){3}$/.test(name);
  return name !== "" && (address || !name.includes(".") || name === bound || PRIVATE.test(name));
}

function refuse(reason: string): Response {
  return new Response(`The sandbox does not answer: ${reason}`, { status: 403 });
}
