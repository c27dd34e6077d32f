import { failure } from "../../domain/problem.ts";
import { explainField, explainKind, type Explanation } from "../../kinds/declare/explain.ts";
import { kinds } from "../../kinds/index.ts";
import { foldName, suggestName } from "../../domain/text/nearest-name.ts";
import { joinNames } from "../../manifest/problems/names.ts";

export type { Explanation } from "../../kinds/declare/explain.ts";

/** What `Queue` or `Queue.pollingStrategy` is, in any spelling. Throws ProblemError that names what there is. */
export function explainTopic(topic: string): Explanation {
  const [name = "", field, ...more] = topic.split(".");
  const kind = kinds.find((one) => foldName(one.name) === foldName(name));
  if (kind === undefined)
    throw refuse(
      `there is no kind "${name}"`,
      name,
      kinds.map((one) => one.name),
    );
  if (field === undefined || field === "") return explainKind(kind.declaration);
  const { fields, status, key } = kind.declaration;
  const known = [...Object.keys(fields), ...Object.keys(status), key.name];
  // The API's own spelling, too: it is what 3CX's documentation has.
  const found = known.find((one) => foldName(one) === foldName(field));
  const text = kind.declaration.fields;
  const file = Object.entries(kind.fileFields).find(([one]) => foldName(one) === foldName(field));
  const chosen = found ?? (file !== undefined && file[1] in text ? file[1] : undefined);
  const explanation = chosen === undefined ? undefined : explainField(kind.declaration, chosen);
  if (explanation === undefined || more.length > 0)
    throw refuse(`a ${kind.name} has no setting "${[field, ...more].join(".")}"`, field, known);
  return explanation;
}

/** The topics there are, with what they are about. */
export function listTopics(): { readonly value: string; readonly meaning: string }[] {
  return kinds.flatMap(({ declaration }) => {
    const { topic, about, words = [] } = explainKind(declaration);
    const fields = words.filter(([word]) => word in declaration.fields);
    return [
      { value: topic, meaning: about },
      ...fields.map(([word, meaning]) => ({ value: `${topic}.${word}`, meaning })),
    ];
  });
}

function refuse(message: string, name: string, known: readonly string[]): Error {
  return failure("topic-unknown", message, {
    hint:
      suggestName(name, known) ?? `there is ${joinNames(known).replace(/ or (?=[^ ]*$)/, " and ")}`,
  });
}
