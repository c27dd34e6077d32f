import type { Json } from "./json.ts";

/** What stands in every output where a secret would have been. */
export const SECRET_MARK = "(secret)";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * A tainted value: it came from `${secret:NAME}`, a credential or an answer that carried one.
 * Formatting it in any way gives a mark; only {@link Secret.reveal} gives the value, and only the
 * comparison, the keyed digest, the redactor and the wire may call that.
 */
export class Secret<T extends Json = Json> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return SECRET_MARK;
  }

  toJSON(): string {
    return SECRET_MARK;
  }

  [INSPECT](): string {
    return SECRET_MARK;
  }
}

/** A field of a resource: plain, or tainted. */
export type FieldValue = Json | Secret;

export function reveal(value: FieldValue): Json {
  return value instanceof Secret ? value.reveal() : value;
}
