import type { ObjectType, Property } from "./types.ts";

const NOTATION = /^(\w+):(>?)(\w+)(\[\])?(!?)(=?)$/u;

/**
 * Reads the notation the model is written in: `Name:type` words, where `>` before the type marks a
 * navigation property, and after it `[]` a list, `!` one that may not be null, `=` one that only
 * the PBX writes. Throws an Error on a word that does not read so.
 */
export function describeType(name: string, ...notations: readonly string[]): ObjectType {
  const words = notations.join(" ").split(/\s+/u).filter(Boolean);
  return { name, properties: new Map(words.map((word) => [nameOf(word), readProperty(word)])) };
}

function nameOf(word: string): string {
  return word.slice(0, word.indexOf(":"));
}

function readProperty(word: string): Property {
  const match = NOTATION.exec(word);
  const [, name, arrow, type, list, required, computed] = match ?? [];
  if (name === undefined || type === undefined) throw new Error(`not a property: ${word}`);
  return {
    name,
    type,
    list: list !== undefined,
    navigation: arrow !== "",
    required: required !== "",
    computed: computed !== "",
  };
}

export function namesOf(type: string, words: string): string {
  return words
    .split(/\s+/u)
    .filter(Boolean)
    .map((word) => `${word}:${type}`)
    .join(" ");
}
