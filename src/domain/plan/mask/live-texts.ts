import type { Json } from "../../json.ts";
import { isList } from "../canonical.ts";
import type { Plan } from "../plan.ts";

/** A text of the PBX's from this length on may hold a credential. */
export const MIN_SUSPECT_LENGTH = 16;
/** Every text of the PBX's that the plan would show and that may hold a credential. */
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
  return new Set([...titles, ...values].filter((text) => text.length >= MIN_SUSPECT_LENGTH));
}

/** Every text in a value. */
export function listTexts(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return (isList(value) ? value : Object.values(value)).flatMap(listTexts);
}
