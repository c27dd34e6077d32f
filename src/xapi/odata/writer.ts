import type { Entity, Reader, Writer } from "../../domain/ports.ts";
import { failure } from "../../domain/problem.ts";
import { expectStatus, type Send } from "./answer.ts";
import type { Resent } from "../http/transport.ts";
import { buildEntityPath, parseCreatedId } from "./query.ts";

const MAX_CREATE_TRIES = 3;
const PRECONDITION_FAILED = 412;

/** The writing half of the client. The reader is for looking up what a lost create left behind. */
export function createWriter(send: Send, reader: Reader): Writer {
  async function findId(
    collection: string,
    body: Entity,
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<number | undefined> {
    const value = body[key];
    if (typeof value !== "string") throw new Error(`no ${key} to look up`);
    const select = ["Id", ...Object.keys(body)];
    const found = await reader.list(
      { collection, select, where: { property: key, in: [value] } },
      signal,
    );
    const entity = found[0];
    if (entity === undefined) return undefined;
    // Somebody else's object may have taken the number meanwhile; ours says what we sent.
    const ours = Object.entries(body).every(([name, sent]) => entity[name] === sent);
    if (ours) return parseCreatedId(entity);
    throw failure("pbx-conflict", `${collection} ${value} was created by somebody else meanwhile`, {
      hint: "plan again to see what is there now",
    });
  }

  return {
    async create(collection, body, key, signal) {
      const name = `POST ${collection}`;
      let reason = "";
      for (let attempt = 1; attempt <= MAX_CREATE_TRIES; attempt += 1) {
        const path = `/${collection}`;
        const outcome = await send({ method: "POST", path, retry: "unprocessed", signal }, body);
        const beaten = outcome.state === "answered" && isBeaten(outcome, attempt);
        if (outcome.state === "answered" && !beaten) {
          const created = parseCreatedId(expectStatus(outcome, [200, 201], name));
          if (created !== undefined) return created;
          reason = "the answer has no Id";
        } else if (outcome.state === "lost") reason = outcome.reason;
        // A lost request may take effect late, and a proxy may deliver one twice: then ours stands in the way of its own repeat.
        const found = await findId(collection, body, key, signal);
        if (found !== undefined) return found;
        if (beaten) expectStatus(outcome, [], name);
      }
      throw failure("pbx-unreachable", `${name}: ${reason}, ${MAX_CREATE_TRIES} times in a row`);
    },
    async update(collection, id, body, again, signal) {
      const path = buildEntityPath(collection, id);
      const resend = async (): Promise<Resent | "done"> => {
        const next = await again();
        return next === "done" ? next : { body: JSON.stringify(next) };
      };
      const request = {
        method: "PATCH",
        path,
        retry: "always",
        again: resend,
        signal,
      } as const;
      const outcome = await send(request, body);
      if (outcome.state === "done") return;
      expectStatus(outcome, [200, 204], `PATCH ${path.slice(1)}`);
    },
    async remove(collection, seen, again, signal) {
      const id = parseCreatedId(seen);
      if (id === undefined) throw new Error("nothing to remove");
      const path = buildEntityPath(collection, id);
      const name = `DELETE ${path.slice(1)}`;
      const resend = async (): Promise<Resent | "done"> => {
        const next = await again();
        return next === "done" ? next : { headers: matchVersion(next) };
      };
      const outcome = await send({
        method: "DELETE",
        path,
        retry: "always",
        headers: matchVersion(seen),
        again: resend,
        signal,
      });
      if (outcome.state === "done") return "removed";
      if (outcome.state === "answered" && outcome.status === PRECONDITION_FAILED)
        throw failure("moved-since-plan", `${name}: it was changed after it was last read`, {
          hint: "plan again to see it as it is now",
        });
      expectStatus(outcome, [200, 204, 404], name);
      return outcome.state === "answered" && outcome.status === 404 ? "absent" : "removed";
    },
  };
}

/** `If-Match` is described for every DELETE of the API; whether a PBX gives versions is not known, so it is sent where one does. */
function matchVersion(seen: Entity): Readonly<Record<string, string>> {
  const version = seen["@odata.etag"];
  return typeof version === "string" ? { "if-match": version } : {};
}

/** True when the number may be taken by what this very create has made. */
function isBeaten({ status, body }: { status: number; body: unknown }, attempt: number): boolean {
  if (status !== 400) return false;
  return attempt > 1 || /WARNINGS\.XAPI\.(ALREADY_IN_USE|DUPLICATE)\b/.test(JSON.stringify(body));
}
