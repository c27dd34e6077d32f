import type { Json } from "../json.ts";
import type { Quirks } from "../quirks.ts";

/** An object of the PBX as it is kept: API property names, navigation properties in their stored form. */
export type Row = Record<string, Json>;

export interface Property {
  readonly name: string;
  /** A scalar, or the name of an enum or complex type. */
  readonly type: string;
  readonly list: boolean;
  /** An OData navigation property: absent unless expanded. */
  readonly navigation: boolean;
  readonly required: boolean;
  /** Written by the PBX alone. */
  readonly computed: boolean;
}

/** A complex or entity type. */
export interface ObjectType {
  readonly name: string;
  readonly properties: ReadonlyMap<string, Property>;
}

export type Enums = ReadonlyMap<string, ReadonlySet<string>>;

/** The part of the PBX's state that descriptions read. Rows are the state itself: change them only in a write. */
export interface Records {
  /** Grows with every change. */
  readonly revision: number;
  list(set: string): readonly Row[];
  byId(set: string, id: number): Row | undefined;
  byNumber(number: string): Numbered | undefined;
  /** Everything that has a number of the one number plan. */
  numbered(): Iterable<Numbered>;
  /** Its kind, as Peers names it. */
  peerType(numbered: Numbered): string;
  readonly quirks: Quirks;
  /** Of the PBX: `20.0.10.1621`. */
  readonly version: string;
}

/** Who has a number of the one number plan. */
export interface Numbered {
  readonly set: string;
  readonly row: Row;
}

/** How a navigation property is read and, where the API lets it be written, bound. */
export interface Link {
  /** Also at `/Set(id)/Property`. */
  readonly path?: boolean;
  /** Its value as the API shows it; without this, as it is kept. */
  read?(records: Records, row: Row, property: string): Json;
  /** The form in which to keep what was sent; throws a Refusal when it names what is not there. */
  bind?(records: Records, sent: Json, property: string): Json;
  /** For what is kept elsewhere: what to change in which rows, given the result of `bind`. */
  spread?(records: Records, bound: Json, row: Row): readonly Change[];
}

/** New values for some properties of a row, a new row, or a row that goes. */
export type Change =
  | { readonly set: string; readonly row: Row; readonly values: Readonly<Row> }
  | { readonly set: string; readonly row?: undefined; readonly values: Readonly<Row> }
  | { readonly set: string; readonly row: Row; readonly values?: undefined };

export type Verb = "create" | "update" | "remove";

/** One collection or singleton of the API. Adding an entity to the sandbox is adding one of these. */
export interface EntitySet {
  readonly name: string;
  readonly type: ObjectType;
  /** It is one object and not a collection; `create` and `remove` are not for it. */
  readonly singleton?: boolean;
  /** What a key in parentheses is compared with; none when entities cannot be got one by one. */
  readonly key?: string;
  readonly alternateKey?: string;
  readonly verbs: readonly Verb[];
  /** Its kind in Peers, for what has a number of the one number plan. */
  readonly peerType?: string;
  readonly links?: Readonly<Record<string, Link>>;
  /** What an entity has when nobody said otherwise. */
  readonly defaults?: Readonly<Row>;
  /** A free number for an entity created without one. */
  readonly numbers?: { readonly prefix: string; readonly from: number; readonly width: number };
  readonly needs?: readonly string[];
  /** Properties that a create takes; all when absent. */
  readonly createTakes?: readonly string[];
  readonly createRefuses?: readonly string[];
  /** Properties that a plain read leaves out. */
  readonly onlySelected?: readonly string[];
  /** Entities that are worked out instead of kept. */
  derive?(records: Records): readonly Row[];
  /** Properties that are worked out at every reading. */
  compute?(records: Records, row: Row): Readonly<Row>;
  /** Puts a row that is about to be kept, some properties of it new, into the form in which the PBX keeps it. */
  rewrite?(records: Records, row: Row, changed: ReadonlySet<string>): void;
  /** What comes into being with a new one. */
  brings?(row: Row): readonly { readonly set: string; readonly values: Readonly<Row> }[];
  /** What goes with one that is removed. */
  takes?(records: Records, row: Row): readonly { readonly set: string; readonly row: Row }[];
  /** False for what its collection does not show. */
  isListed?(row: Row): boolean;
  /** Throws a Refusal for a row that must stay. */
  guardRemoval?(records: Records, row: Row): void;
}
