/** What a compiled schema says about one value; a part of what ajv reports. */
export interface SchemaFailure {
  readonly keyword: string;
  /** JSON pointer to the value. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string | undefined;
  readonly parentSchema?: SchemaWords | undefined;
}

/** A compiled schema as ajv makes it (draft 2020-12, options `allErrors` and `verbose`). */
export interface SchemaValidate {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaFailure[] | null | undefined;
}

/** The parts of a schema that messages are made from. */
export interface SchemaWords {
  readonly [keyword: string]: unknown;
  readonly properties?: object;
  /** What a failed pattern means, in words that follow the name of the value. */
  readonly patternErrorMessage?: string;
  readonly not?: { readonly required?: readonly string[] };
}

/** One breach of a schema. It never carries the value, which may be secret. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON pointer to the value: `/spec/groups/0/role`. */
  readonly pointer: string;
  /** What the keyword adds: `missingProperty`, `additionalProperty`, `allowedValues`, `type`, `limit`, … */
  readonly params: Readonly<Record<string, unknown>>;
  /** In the words of the validator, for keywords nothing better is known of. */
  readonly message: string;
  /** The schema that has the keyword. */
  readonly schema: SchemaWords;
}

export type Validator = (value: unknown) => readonly SchemaError[];
