import type { SandboxClock } from "../clock.ts";
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";

/** One request that reached the sandbox, in the order of arrival. */
export interface RequestRecord {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  /** Decoded, without the question mark. */
  readonly query: string;
  /** 0 until it is answered, and for ever when the connection was reset. */
  readonly status: number;
  /** Credentials left out. */
  readonly body?: Json;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

export interface RequestLog {
  readonly records: readonly RequestRecord[];
  /** Notes a request and gives the function that notes its status. */
  readonly begin: (record: Omit<RequestRecord, "status" | "sentAt">) => (status: number) => void;
  readonly clear: () => void;
}

/** A sandbox that runs for weeks must not keep every request it ever got. */
const KEPT = 20_000;
const REDACTED = "(redacted)";
const SECRETS: ReadonlySet<string> = new Set(
  "client_secret access_token refresh_token AuthPassword AccessPassword DeskphonePassword VMPIN".split(
    " ",
  ),
);

export function createLog(clock: SandboxClock): RequestLog {
  const records: RequestRecord[] = [];
  return {
    records,
    begin(request) {
      const record = { ...request, status: 0, sentAt: clock.now() };
      records.push(record);
      if (records.length > KEPT) records.shift();
      return (status) => {
        record.status = status;
      };
    },
    clear() {
      records.length = 0;
    },
  };
}

/** The same value, with a mark instead of every credential in it. */
export function redact(value: Json): Json {
  if (Array.isArray(value)) return value.map((one: Json) => redact(one));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRETS.has(name) && inner !== null ? REDACTED : redact(inner),
    ]),
  );
}
