import { stringify } from "yaml";
import type { Json } from "../../domain/json.ts";

/** What is known about a kind or a setting. */
export interface ExplanationText {
  readonly topic: string;
  readonly title: string;
  readonly about: string;
  readonly value?: string;
  readonly words?: readonly (readonly [string, string])[];
  readonly default?: Json;
  readonly example?: Json;
  readonly api: string;
  readonly since: string;
  readonly evidence: string;
}

/** A page for a terminal. */
export function renderExplanation(explanation: ExplanationText): string {
  const { topic, title, about, value, words = [], example } = explanation;
  const width = Math.max(0, ...words.map(([word]) => word.length));
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Value", value],
    ["Default", explanation.default === undefined ? undefined : writeFlow(explanation.default)],
    ["API", explanation.api],
    ["Known in", `3CX ${explanation.since}`],
    ["Evidence", explanation.evidence],
  ];
  return [
    `${topic}: ${title}\n\n${about}\n\n`,
    ...rows.flatMap(([name, text]) => (text === undefined ? [] : [`${name.padEnd(8)}  ${text}\n`])),
    ...(words.length === 0 ? [] : ["\n"]),
    ...words.map(([word, meaning]) => `  ${word.padEnd(width)}  ${meaning}\n`),
    ...(example === undefined ? [] : [`\nExample:\n${writeExample(topic, example)}`]),
  ].join("");
}

/** A document as it is, a setting under its name. */
function writeExample(topic: string, example: Json): string {
  const field = topic.split(".")[1];
  const text = stringify(field === undefined ? example : { [field]: example }, {
    lineWidth: 0,
    flowCollectionPadding: true,
  });
  return text.replaceAll(/^(?=.)/gm, "  ");
}

function writeFlow(value: Json): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}
