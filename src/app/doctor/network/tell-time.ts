import type { Patience } from "../../../xapi/probe/name.ts";

/** `5 s` */
export function tellTime({ timeout }: Pick<Patience, "timeout">): string {
  return `${timeout / 1000} s`;
}
