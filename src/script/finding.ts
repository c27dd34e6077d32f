/** Something about a script that the PBX's compiler would very likely refuse. */
export interface ScriptFinding {
  readonly code:
    | "script-conflict"
    | "script-syntax"
    | "script-class-missing"
    | "script-start-missing";
  /** A clause for a C# author, without the place. */
  readonly message: string;
  /** UTF-16 offsets into the text, `end` exclusive. Both are the same where something is missing. */
  readonly start: number;
  readonly end: number;
}

/** A finding about what the PBX starts the script with. */
export interface EntryFinding extends ScriptFinding {
  readonly code: Exclude<ScriptFinding["code"], "script-conflict" | "script-syntax">;
}
