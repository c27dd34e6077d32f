import type { Command } from "../run-process.ts";
import type { Tally } from "./stand-in.ts";

/** So many objects, behind so many milliseconds of latency. */
export interface Shape {
  readonly objects: number;
  readonly latency: number;
}

/** `look`: nothing has changed, and the tool says so · `change`: one object has, and the tool carries it out. */
export type Work = "look" | "change";

/** What a tool has printed that it must not, or has failed to do: a reason to leave the row out. */
export type Complaint = string | undefined;

/** A system with its objects, a project that describes them, and the tool between the two. */
export interface Arena {
  readonly commands: Readonly<Record<Work, Command>>;
  /** Describes one object otherwise than before. */
  changeOne(): Promise<void>;
  /** Whether the system has what the project says, and the tool said what is true. */
  judge(work: Work, stdout: string): Promise<Complaint>;
  tally(): Promise<Tally>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface Contender {
  readonly name: string;
  readonly version: string;
  /** What it runs for either work, as people type it. */
  readonly typed: Readonly<Record<Work, string>>;
  /** What it does and does not read, and what else makes the comparison lame. */
  readonly caveat: string;
  /** Installed from npm under its name and version; false for Callform itself. */
  readonly installed: boolean;
  /** `modules` is the node_modules folder it is installed in. */
  open(shape: Shape, modules: string): Promise<Arena>;
}
