import type { Answer } from "../http/answer.ts";
import { answerWith } from "../http/answer.ts";
import { ENTITY_SETS } from "../model/registry.ts";
import { writeMetadata } from "./metadata.ts";

/** The service document (``) and `$metadata`; undefined for every other path. */
export function discover(path: string, base: string): Answer | undefined {
  if (path === "") {
    const value = ENTITY_SETS.map(({ name, singleton }) => ({
      name,
      kind: singleton === true ? "Singleton" : "EntitySet",
      url: name,
    }));
    return answerWith(200, { "@odata.context": `${base}/$metadata`, value });
  }
  if (path !== "$metadata" && path !== "%24metadata") return undefined;
  return { status: 200, headers: { "content-type": "application/xml" }, body: writeMetadata() };
}
