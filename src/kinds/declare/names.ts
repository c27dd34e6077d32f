import type { Declaration, Words } from "./declaration.ts";

/** `Routing type` of `routingType`. */
export function titleOf(name: string, { title }: Words): string {
  const words = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").split(" ");
  const plain = words.map((word) => (/^[A-Z]+$/.test(word) ? word : word.toLowerCase())).join(" ");
  return title ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** `RoutingType` of `routingType`. */
export function propertyOf(name: string, property: string | undefined): string {
  return property ?? name.charAt(0).toUpperCase() + name.slice(1);
}

/** `queues` of `queue`. */
export function pluralOf(noun: string): string {
  return noun.endsWith("y") && !noun.endsWith("ay") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** `call-flow-app` of `CallFlowApp`, as files name a kind. */
export function fileNameOf(kind: string): string {
  return kind.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}

/** What people call one of them among themselves: "app". */
export function shortOf({ noun, short = noun }: Pick<Declaration, "noun" | "short">): string {
  return short;
}

export function firstSentence(text: string): string {
  return /^.*?\.(?= |$)/s.exec(text)?.[0] ?? text;
}
