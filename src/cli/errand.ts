import type { Purpose } from "../app/settings/resolve.ts";

/** What a command is about to do with one or several PBXs. */
export interface Errand {
  /** Its name, for reports. */
  readonly command: string;
  readonly purpose: Purpose;
  /** Whether targets of a later wave wait for the earlier ones to succeed. */
  readonly waves?: boolean;
  /** Whether somebody would have to be asked; several targets are too many to ask about. */
  readonly needsYes?: boolean;
}
