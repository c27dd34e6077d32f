import type { Json } from "../../json.ts";
import { isList } from "../canonical.ts";
import type { Plan } from "../plan.ts";

/** Whether a text may hold a credential, most cheaply: a word so long, or an assignment. */
export function mayHoldCredential(text: string): boolean {
  return /\S{16}|["=]/.test(text);
}
/** Every text of the PBX's that the plan would show. */
export function listLiveTexts({
  changes,
  unmanaged,
}: Pick<Plan, "changes" | "unmanaged">): ReadonlySet<string> {
  const titles = [...changes.filter(({ op }) => op === "delete"), ...unmanaged].flatMap(
    ({ title }) => (title === undefined ? [] : [title]),
  );
  const values = changes.flatMap(({ fields }) =>
    fields.flatMap(({ before }) => (before === undefined ? [] : listTexts(before))),
  );
  return new Set([...titles, ...values]);
}

/** Every text in a value. */
export function listTexts(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return (isList(value) ? value : Object.values(value)).flatMap(listTexts);
}
