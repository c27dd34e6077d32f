import type { Json, JsonObject } from "../../domain/json.ts";
import type { Kind } from "../../domain/ports.ts";
import type { Shape } from "./shape.ts";

/** What may be said of a field besides what it is. */
export interface Words {
  /** Without it, the words of the name. */
  readonly title?: string;
  /** The property of the API; without it, the name with a capital. */
  readonly property?: string;
  /** What the PBX gives one that is made in the console. */
  readonly default?: Json;
  readonly examples?: readonly Json[];
  /** The version of 3CX since which it is known, where that is not the kind's. */
  readonly since?: string;
  /** Where the knowledge is from, where that is not the kind's. */
  readonly evidence?: string;
  /** A manifest must have it. */
  readonly required?: boolean;
  /** The create takes it, beside the key. */
  readonly born?: boolean;
}

export interface FieldDeclaration extends Words {
  /** What it is, in whole sentences. */
  readonly about: string;
  /** Given the property of the API. */
  readonly shape: (property: string) => Shape;
}

/** A property that the PBX writes: its type, and why it cannot be set, as a clause. */
export interface StatusDeclaration {
  readonly type: "boolean" | "text" | "integer";
  readonly why: string;
  readonly property?: string;
}

/** What a kind is known by. */
export interface KeyDeclaration {
  /** As manifests spell it under `metadata`. */
  readonly name: string;
  readonly property: string;
  readonly title: string;
  readonly about: string;
  readonly pattern: string;
  readonly patternErrorMessage: string;
  readonly examples: readonly string[];
}

/** One kind as data. What follows from it: reading, writing, comparing, schema, documentation. */
export interface Declaration {
  /** As manifests spell it in `kind:`. */
  readonly name: string;
  readonly collection: string;
  /** The type of the API, without `Pbx.`; the name, where it is not said. */
  readonly type?: string;
  /** What people call it: "call flow app"; short: "app". */
  readonly noun: string;
  readonly short?: string;
  /** What the number plan calls one; the type, where it is not said. */
  readonly peerType?: string;
  /** What it is, in whole sentences. */
  readonly about: string;
  readonly key: KeyDeclaration;
  readonly titleField: string;
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
  readonly status: Readonly<Record<string, StatusDeclaration>>;
  /** Properties of the API that are left alone, each with the reason as a clause. */
  readonly leaves: Readonly<Record<string, string>>;
  /** Properties of the API that are credentials and are never read. */
  readonly secrets?: readonly string[];
  readonly since: string;
  readonly evidence: string;
  /** A document without its head. */
  readonly example: Example;
}

export interface Example {
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
  readonly lifecycle?: JsonObject;
}

/** A kind that was made from its declaration. */
export interface DeclaredKind extends Kind {
  readonly declaration: Declaration;
}
