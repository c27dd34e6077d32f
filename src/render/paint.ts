export type Colour = "red" | "green" | "yellow" | "cyan" | "dim" | "bold";

/** Colours a text, or leaves it as it is where colours are off. */
export type Paint = (colour: Colour, text: string) => string;

export const paintNothing: Paint = (_colour, text) => text;
