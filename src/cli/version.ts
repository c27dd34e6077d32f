export { VERSION } from "../app/version.ts";

/** The oldest Node that runs the program, as `engines` in package.json has it. */
const OLDEST = [20, 19] as const;

/** What to tell somebody whose Node is too old; undefined for one that will do. Written so that an old one can read it. */
export function tellOldNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return `callform needs Node ${OLDEST.join(".")} or newer, and this is Node ${version}: install a newer one, or put it first in PATH.\n`;
}
