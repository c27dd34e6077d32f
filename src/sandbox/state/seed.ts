import { readDocument } from "../input/document.ts";
import type { JsonObject } from "../json.ts";
import type { CompileOrder } from "../pbx/pbx.ts";
import { flag, listOf, mapOf, object, oneOf, text, whole } from "../input/shape.ts";
import type { Shape } from "../input/shape.ts";
import type { ApiClient } from "../tokens.ts";

export interface SeedMembership {
  /** Of the department. */
  readonly name: string;
  /** `users` when absent. */
  readonly role?: string;
}

export interface SeedExtension {
  readonly number: string;
  readonly name: string;
}

export interface SeedApp extends SeedExtension {
  /** Compiled already when the sandbox starts, unless `compile` has the verdict refuse or never. */
  readonly scriptCode?: string;
  /** A newer script that the compiler refused while `scriptCode` goes on running. */
  readonly rejectedCode?: string;
  readonly routingType?: string;
  readonly transcriptionMode?: string;
  readonly isRegistered?: boolean;
  /** Number of a trunk. */
  readonly trunk?: string;
  readonly groups?: readonly SeedMembership[];
  /** Names of audio files. */
  readonly files?: readonly string[];
  /** How every script of this number is compiled. */
  readonly compile?: CompileOrder;
}

export interface SeedClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** `system_owners` when absent. */
  readonly role?: ApiClient["role"];
  readonly forbid?: ApiClient["forbid"];
}

/** What a PBX has when the sandbox starts. Every sandbox has the department DEFAULT besides. */
export interface Seed {
  /** Of the PBX, `20.0.10.1621`; an older one behaves as it did. */
  readonly version?: string;
  readonly tokenUnit?: "seconds" | "minutes";
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Further API clients. */
  readonly clients?: readonly SeedClient[];
  readonly departments?: readonly { readonly name: string; readonly number?: string }[];
  readonly trunks?: readonly (SeedExtension & { readonly didNumbers?: readonly string[] })[];
  readonly users?: readonly SeedExtension[];
  readonly queues?: readonly SeedExtension[];
  readonly ringGroups?: readonly SeedExtension[];
  readonly receptionists?: readonly SeedExtension[];
  /** Numbers that something else has: Fax, Parking, Conference, SpecialMenu. */
  readonly reserved?: readonly (SeedExtension & { readonly type: string })[];
  readonly parameters?: readonly { readonly name: string; readonly value: string }[];
  /** Anything else, by collection, as the API would take it: `{ Holidays: [{ Name: … }] }`. */
  readonly entities?: Readonly<Record<string, readonly JsonObject[]>>;
  readonly apps?: readonly SeedApp[];
  /** How scripts are compiled. The delay is 300 ms when absent. */
  readonly compile?: CompileOrder;
}

export const DEFAULT_VERSION = "20.0.10.1621";
export const DEFAULT_CLIENT = { clientId: "callform", clientSecret: "sandbox-secret" };

/** Every API client that the seed has; the first is the sandbox's own. */
export function clientsOf(seed: Seed): readonly ApiClient[] {
  const own = {
    clientId: seed.clientId ?? DEFAULT_CLIENT.clientId,
    clientSecret: seed.clientSecret ?? DEFAULT_CLIENT.clientSecret,
  };
  return [own, ...(seed.clients ?? [])].map(
    ({ clientId, clientSecret, role = "system_owners", forbid = [] }: SeedClient) => ({
      clientId,
      clientSecret,
      role,
      forbid,
    }),
  );
}

const jsonObject: Shape<JsonObject> = {
  check: (value, at, report): value is JsonObject =>
    mapOf({ check: (_one): _one is unknown => true }).check(value, at, report),
};

const COMPILE = object(
  {},
  { delay: whole(0), verdict: oneOf("accept", "refuse", "never"), message: text },
);
const EXTENSION = { number: text, name: text };

const SEED: Shape<Seed> = object(
  {},
  {
    version: text,
    tokenUnit: oneOf("seconds", "minutes"),
    clientId: text,
    clientSecret: text,
    clients: listOf(
      object({ clientId: text, clientSecret: text }, { role: text, forbid: listOf(text) }),
    ),
    departments: listOf(object({ name: text }, { number: text })),
    trunks: listOf(object(EXTENSION, { didNumbers: listOf(text) })),
    users: listOf(object(EXTENSION, {})),
    queues: listOf(object(EXTENSION, {})),
    ringGroups: listOf(object(EXTENSION, {})),
    receptionists: listOf(object(EXTENSION, {})),
    reserved: listOf(object({ ...EXTENSION, type: text }, {})),
    parameters: listOf(object({ name: text, value: text }, {})),
    entities: mapOf(listOf(jsonObject)),
    apps: listOf(
      object(EXTENSION, {
        scriptCode: text,
        rejectedCode: text,
        routingType: oneOf("DialCode", "Forward", "Trunk"),
        transcriptionMode: oneOf("Nothing", "Voicemail", "Recordings", "Both", "Inherit"),
        isRegistered: flag,
        trunk: text,
        groups: listOf(object({ name: text }, { role: text })),
        files: listOf(text),
        compile: COMPILE,
      }),
    ),
    compile: COMPILE,
  },
);

/** Reads a YAML or JSON file that says what the PBX has. Throws an Error with a line for every mistake in it. */
export function readSeed(source: string, fileName: string): Seed {
  return readDocument(source, fileName, SEED);
}
