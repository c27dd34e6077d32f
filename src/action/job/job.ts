import type { History } from "../../app/project/ancestry.ts";
import type { Surroundings } from "../../app/settings/resolve.ts";
import type { Clock } from "../../domain/ports.ts";
import type { Redactor } from "../../domain/redact.ts";
import type { Event } from "../runner/event.ts";
import type { Github } from "../github-api/client.ts";
import type { Inputs } from "../runner/inputs.ts";
import type { Place } from "../runner/place.ts";
import type { Runner } from "../runner/runner.ts";

/** What every command of the Action is handed. */
export interface Job {
  /** It brings a PBX to a commit: what it reads of GitHub it also writes. */
  readonly applies: boolean;
  readonly inputs: Inputs;
  readonly event: Event;
  readonly place: Place;
  readonly runner: Runner;
  readonly github: Github;
  /** Of the clone that is checked out. */
  readonly history: History;
  readonly redactor: Redactor;
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  /** Start nothing more. */
  readonly stop: AbortSignal;
  /** Drop everything. */
  readonly abort: AbortSignal;
}
