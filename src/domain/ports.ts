import type { Problem } from "./problem.ts";
import type { Json, JsonObject } from "./json.ts";
import type { DesiredResource, LiveResource, ResourceId } from "./resource.ts";

/** An object of the API, its properties spelled as the API spells them. */
export type Entity = JsonObject;

export interface Expand {
  readonly property: string;
  readonly select?: readonly string[];
  readonly expand?: readonly Expand[];
}

/** What to read: a whole collection in a fixed order, or the entities whose property is one of the values. */
export interface Query {
  readonly collection: string;
  readonly select: readonly string[];
  readonly expand?: readonly Expand[];
  readonly where?: { readonly property: string; readonly in: readonly (string | number)[] };
}

/** Reads the PBX. It has no write method, and planning is handed nothing else. */
export interface Reader {
  /**
   * Every entity that matches, ordered by Id, each exactly once. Throws ProblemError when the PBX
   * cannot be reached, refuses, or changes under the reading too often to give one consistent answer.
   */
  list(query: Query, signal?: AbortSignal): Promise<readonly Entity[]>;
}

/** Writes one entity at a time. Each method returns once the PBX has confirmed, or throws ProblemError. */
export interface Writer {
  /**
   * Creates an entity and returns its id. `key` is the property that identifies it: when the answer
   * of a create is lost, the key is looked up before anything is sent again.
   */
  create(collection: string, body: Entity, key: string, signal?: AbortSignal): Promise<number>;
  /** `again` gives the body to repeat it with. */
  update(
    collection: string,
    id: number,
    body: Entity,
    again: Again,
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * Removes an entity as it was `seen`: refused where the PBX keeps versions and has another one by now. `absent`: nothing
   * has that id any more. `again` gives the entity as it is now.
   */
  remove(
    collection: string,
    seen: Entity,
    again: Again,
    signal?: AbortSignal,
  ): Promise<"removed" | "absent">;
}

/**
 * Asked before a write whose answer was lost is sent again, because by then it may have taken effect, and somebody else may
 * have written since. Gives `done` where it has taken effect, else the entity to repeat it with, and throws ProblemError where
 * repeating it would undo somebody's work.
 */
export type Again = () => Promise<Entity | "done">;

/** Texts that were sent and have no verdict yet, remembered across a cut. */
export interface SentTexts {
  /** True, in the answer, for a resource that shows the verdict that it showed before a text was sent. */
  read(): Promise<(kind: Kind, live: LiveResource) => boolean>;
  /** Called before a text is sent, with the last reading. */
  note(kind: Kind, live: LiveResource): Promise<void>;
  /** Called once there is a verdict. */
  forget(id: ResourceId): Promise<void>;
}

/** Time as the engine sees it: milliseconds since the epoch, and a wait that ends early on abort by throwing. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/**
 * How two values of a field are compared.
 * `exact`: as they are · `line`: text of one line, without surrounding blanks · `text`: a script,
 * blind to line ends, BOM, blanks at line ends and empty lines at the end · `set`: a list whose order and repeats
 * mean nothing.
 */
export type Comparison = "exact" | "line" | "text" | "set";

export interface Field {
  /** As manifests spell it. */
  readonly name: string;
  readonly comparison: Comparison;
  /** For a set whose order counts after all while another field has one of these values. */
  readonly ordered?: OrderedBy;
  /** True for a resource whose value is nobody's to read in an output, by its key. */
  hides?(key: string): boolean;
}

export interface OrderedBy {
  readonly field: string;
  readonly values: readonly string[];
}

/** A number of the number plan that a field leads to. */
export interface Lead {
  readonly number: string;
  /** Where in the field's value it is named: keys and positions. */
  readonly path: readonly (string | number)[];
  /** What must have it, as the number plan calls that; anything, when absent. */
  readonly holds?: string;
}

/** A field that the PBX writes and a manifest must not. */
export interface StatusField {
  readonly name: string;
  /** Why it cannot be set, as a clause: "the PBX assigns it". */
  readonly why: string;
}

/** Another object of the PBX that a field names: resolved to its id before it is written. */
export interface Lookup {
  readonly collection: string;
  readonly property: string;
  readonly value: string;
  /** The field that names it. */
  readonly field: string;
  /** What people call it: "department", "trunk". */
  readonly noun: string;
}

export type ResolveId = (lookup: Omit<Lookup, "field" | "noun">) => number;

export type Settlement =
  | { readonly state: "waiting" }
  | { readonly state: "live" }
  /** `runnable`: something that can answer calls is still in place. */
  | { readonly state: "refused"; readonly runnable: boolean };

/** For a kind with a field that takes effect only some time after it was written. */
export interface SettleRule {
  readonly field: string;
  /** What to read at every tick. */
  readonly query: Query;
  /** Gives up after this many milliseconds. */
  readonly timeout: number;
  /**
   * Pure: what the PBX has made of `sent`, `elapsed` milliseconds after it was written.
   * `before` is the last reading from before the write.
   */
  reduce(
    before: LiveResource | undefined,
    sent: string,
    reading: LiveResource,
    elapsed: number,
  ): Settlement;
  /** What no verdict leaves as it was. */
  trace(live: LiveResource): Json;
  /** The PBX's verdict as problems, placed in the user's own text. */
  explain(reading: LiveResource, desired: DesiredResource): readonly Problem[];
}

export interface Health {
  /** `compiling`: nothing runs yet, and the PBX has not judged the text that is in place. */
  readonly state: "healthy" | "unhealthy" | "compiling";
  /** In words; empty when healthy. */
  readonly reason: string;
  /** Something that can answer calls is in place. */
  readonly runnable: boolean;
}

/** The entries of an archive to read: the text itself, and what says whom it was built for. Or what is missing. */
export type ArchiveChoice =
  | { readonly text: string; readonly description: string; readonly fault?: undefined }
  | { readonly text?: undefined; readonly description?: undefined; readonly fault: string };

/** What an archive says it was built for: a key, or nothing where it leaves that open. Or what is wrong with it. */
export type ArchiveKey =
  | { readonly key: string | undefined; readonly fault?: undefined }
  | { readonly key?: undefined; readonly fault: string };

/** A zip archive that a file field may name instead of a plain text. Every fault is a clause: "it has no …". */
export interface ArchiveRule {
  /** What people call it: "Call Flow Designer package". */
  readonly noun: string;
  /** How its file name ends, in small letters. */
  readonly ending: string;
  /** Pure: what to take from it. The names have forward slashes, and no two are the same. */
  choose(names: readonly string[]): ArchiveChoice;
  /** Pure: reads the text of the entry that was chosen as the description. */
  readKey(description: string): ArchiveKey;
}

/**
 * Everything Callform knows about one kind of object. A kind describes and never performs: every
 * member is data or a pure function, so that the engine, the differ and the guards serve all kinds alike.
 */
export interface Kind {
  /** As manifests spell it in `kind:`. */
  readonly name: string;
  readonly collection: string;
  /** Where the key stands: in a manifest (`metadata.<keyField>`) and in an entity. */
  readonly keyField: string;
  readonly keyProperty: string;
  /** The field that holds what people call it. */
  readonly titleField: string;
  /** One read that brings every field and all status. */
  readonly query: Query;
  /** The same, with all that {@link Kind.updateBody} takes from an entity: read right before a write. */
  readonly writeQuery?: Query;
  readonly fields: readonly Field[];
  readonly statusFields: readonly StatusField[];
  /** Spec keys that name a file whose text becomes another field: `{ scriptFile: "scriptCode" }`. */
  readonly fileFields: Readonly<Record<string, string>>;
  /** How the names of such files end, for those that Callform names itself; `.txt` without it. */
  readonly fileEndings?: Readonly<Record<string, string>>;
  /** Fields whose text is written in a language, and which: `{ scriptCode: "csharp" }`. */
  readonly languages?: Readonly<Record<string, "csharp">>;
  /** Of the file fields, those that may also name an archive. */
  readonly archives?: Readonly<Record<string, ArchiveRule>>;
  /** True when its keys share the one number plan of all extensions. */
  readonly numbered: boolean;
  /** What the number plan calls one of them. */
  readonly peerType?: string;
  /**
   * Which of them a run reads. `used`: all, as soon as a manifest is of the kind · `named`: those that manifests name, which
   * alone are ever anybody's business · absent: all, always.
   */
  readonly scope?: "used" | "named" | undefined;
  readonly settle?: SettleRule;
  /** An entity in manifest terms. Properties that were not read are absent from the fields. */
  readEntity(entity: Entity): LiveResource;
  /** Fills in what the API would assume for a field, so that both sides say it. */
  complete(field: string, value: Json): Json;
  /** The least body that creates it. */
  createBody(key: string, fields: Readonly<Record<string, Json>>): Entity;
  /** Fields that `createBody` has already written. */
  readonly createdFields: readonly string[];
  /** `seen`: the entity as it is. A list that replaces takes from it what a manifest cannot say, and what is hidden from one. */
  updateBody(fields: Readonly<Record<string, Json>>, resolve: ResolveId, seen?: Entity): Entity;
  lookups(field: string, value: Json): readonly Lookup[];
  /** The numbers that a field leads to. */
  leads?(field: string, value: Json): readonly Lead[];
  /** Every collection that a lookup can be about. */
  readonly lookupCollections: readonly string[];
  /** Other managed resources that must exist before this one. */
  references(desired: DesiredResource): readonly ResourceId[];
  /** Rules over several fields that a schema cannot say well. */
  check(desired: DesiredResource): readonly Problem[];
  health(live: LiveResource): Health;
}

/** Why a value cannot, or should not, stand somewhere: a sentence that goes on after its name, and what to do. */
export interface Advice {
  readonly message: string;
  readonly hint: string;
}

/** A place in a text where a value is to be put. */
export interface Slot {
  /** What is wrong with the place, whatever the value. */
  readonly refused?: Advice;
  /** What is doubtful about the place, whatever the value. */
  readonly doubt?: Advice;
  /** The value as it must be written there to be itself. */
  write(value: string): { readonly text: string } | { readonly refused: Advice };
}

/** By the languages of kinds' fields. */
export type Embeddings = Readonly<Record<"csharp", Embedding>>;

/** How values get into the texts of a language without changing what else they say. */
export interface Embedding {
  /** The places where values go; each has one character in the text that stands for it, at these offsets (UTF-16 units). */
  findSlots(text: string, offsets: readonly number[]): readonly Slot[];
  /** Every way in which a place may have a value written. */
  spell(value: string): readonly string[];
}
