import type { Json, JsonObject } from "../../domain/json.ts";
import type {
  Comparison,
  Entity,
  Expand,
  Field,
  Lead,
  Lookup,
  ResolveId,
} from "../../domain/ports.ts";

/** How a field stands in an entity of the API, and the JSON Schema of its value in a manifest. All of it data or pure. */
export interface Shape {
  readonly comparison: Comparison;
  readonly ordered?: Field["ordered"];
  readonly hides?: Field["hides"];
  /** Without title and description. */
  readonly schema: JsonObject;
  /** The properties of the API that it is made of. */
  readonly properties: readonly string[];
  /** How they come with a reading, where they have to be expanded. */
  readonly expand?: Expand;
  /** The same right before a write, where a list that replaces takes more from it. */
  readonly writeExpand?: Expand;
  /** Undefined when the entity was read without it. Throws ProblemError for an answer of another shape. */
  read(entity: Entity): Json | undefined;
  /** `seen`: the entity as it is. */
  write(value: Json, resolve: ResolveId, seen?: Entity): Entity;
  /** Fills in what the API would assume. */
  complete?(value: Json): Json;
  leads?(value: Json): readonly Lead[];
  lookups?(value: Json): readonly Omit<Lookup, "field">[];
  /** Every collection that a lookup can be about. */
  readonly collections?: readonly string[];
  /** For a text that may stand in a file of its own. */
  readonly file?: TextFile;
}

/** A text field that may stand in a file beside the manifest. */
export interface TextFile {
  /** The spec key that names the file. */
  readonly key: string;
  /** How the names of such files end. */
  readonly ending: string;
  readonly title: string;
  readonly about: string;
  readonly examples: readonly string[];
}
