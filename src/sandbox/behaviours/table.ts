import { ACCESS } from "./access.ts";
import type { Behaviour } from "./behaviour.ts";
import { QUERIES } from "./queries.ts";
import { ROUTING } from "./routing.ts";
import { SCRIPTS } from "./scripts.ts";
import { WRITES } from "./writes.ts";

export interface Chapter {
  readonly title: string;
  readonly behaviours: readonly Behaviour[];
}

/** Everything the sandbox does because a PBX does it, in the order of the documentation. */
export const CHAPTERS: readonly Chapter[] = [
  { title: "Access", behaviours: ACCESS },
  { title: "Reading", behaviours: QUERIES },
  { title: "Writing", behaviours: WRITES },
  { title: "Departments, rules and people", behaviours: ROUTING },
  { title: "Scripts", behaviours: SCRIPTS },
];
