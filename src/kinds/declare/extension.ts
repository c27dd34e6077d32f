import type { KeyDeclaration } from "./declaration.ts";

/** What every kind says that the PBX gives a number: 3CX never lets it change. `short` is what it is called. */
export function extensionNumber(short: string, examples: readonly string[]): KeyDeclaration {
  return {
    name: "number",
    property: "Number",
    title: "Extension number",
    about: `The extension number of the ${short}, in quotes. It is the identity: 3CX never lets it change, so another number means another ${short}.`,
    pattern: "^(?=.{1,20}$)#?[0-9A-Za-z*]+$",
    patternErrorMessage: "must be 1 to 20 digits, letters or *, with # only in front",
    examples,
  };
}
