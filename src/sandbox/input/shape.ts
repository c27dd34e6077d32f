type Path = readonly (string | number)[];

/** Takes one mistake: where it is in the document, and what it is. */
export type Report = (at: Path, mistake: string) => void;

/** What a part of a document must look like. `check` reports every mistake and says whether there was none. */
export interface Shape<T> {
  check(this: void, value: unknown, at: Path, report: Report): value is T;
}

type Checked<S> = S extends Shape<infer T> ? T : never;
type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Fields<R extends Shapes, O extends Shapes> = { readonly [K in keyof R]: Checked<R[K]> } & {
  readonly [K in keyof O]?: Checked<O[K]>;
};

function simple<T>(holds: (value: unknown) => value is T, what: string): Shape<T> {
  return {
    check(value, at, report): value is T {
      if (holds(value)) return true;
      report(at, `must be ${what}, not ${describe(value)}`);
      return false;
    },
  };
}

export const text: Shape<string> = simple((value) => typeof value === "string", "text");
export const flag: Shape<boolean> = simple((value) => typeof value === "boolean", "true or false");

/** A whole number of at least `least`. */
export function whole(least: number): Shape<number> {
  return simple(
    (value): value is number => Number.isInteger(value) && Number(value) >= least,
    `a whole number of at least ${least}`,
  );
}

export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  const known: ReadonlySet<unknown> = new Set(words);
  return simple((value): value is T => known.has(value), `one of ${words.join(", ")}`);
}

export function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
  return {
    check(value, at, report): value is readonly T[] {
      if (!Array.isArray(value)) {
        report(at, `must be a list, not ${describe(value)}`);
        return false;
      }
      const sound = value.map((one, index) => shape.check(one, [...at, index], report));
      return sound.every(Boolean);
    },
  };
}

/** Any names, each with a value of that shape. */
export function mapOf<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    check(value, at, report): value is Readonly<Record<string, T>> {
      if (!isMap(value, at, report)) return false;
      const sound = Object.entries(value).map(([name, one]) =>
        shape.check(one, [...at, name], report),
      );
      return sound.every(Boolean);
    },
  };
}

/** These names and no others. */
export function object<R extends Shapes, O extends Shapes>(
  required: R,
  optional: O,
): Shape<Fields<R, O>> {
  return {
    check(value, at, report): value is Fields<R, O> {
      if (!isMap(value, at, report)) return false;
      const missing = Object.keys(required).filter((name) => !(name in value));
      for (const name of missing) report(at, `lacks ${name}`);
      const shapes = new Map(Object.entries({ ...required, ...optional }));
      const sound = Object.entries(value).map(([name, one]) => {
        const shape = shapes.get(name);
        if (shape !== undefined) return shape.check(one, [...at, name], report);
        report([...at, name], `is not known here; known are ${[...shapes.keys()].join(", ")}`);
        return false;
      });
      return missing.length === 0 && sound.every(Boolean);
    },
  };
}

/** The shape that the word under `key` chooses. */
export function variant<T>(key: string, shapes: Readonly<Record<string, Shape<T>>>): Shape<T> {
  return {
    check(value, at, report): value is T {
      if (!isMap(value, at, report)) return false;
      const word = value[key];
      const shape = typeof word === "string" ? shapes[word] : undefined;
      if (shape !== undefined) return shape.check(value, at, report);
      report(
        [...at, key],
        `must be one of ${Object.keys(shapes).join(", ")}, not ${describe(word)}`,
      );
      return false;
    },
  };
}

/** Either of two. The mistakes of the second are reported. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return {
    check: (value, at, report): value is A | B =>
      first.check(value, at, () => undefined) || second.check(value, at, report),
  };
}

function isMap(value: unknown, at: Path, report: Report): value is Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return true;
  report(at, `must be a map of names to values, not ${describe(value)}`);
  return false;
}

function describe(value: unknown): string {
  if (value === undefined) return "absent";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  return JSON.stringify(value);
}
