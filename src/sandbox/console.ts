import { textOf } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { nameOf } from "./model/links.ts";
import { membershipsOf } from "./model/memberships.ts";
import { setNamed } from "./model/registry.ts";
import type { Row } from "./model/types.ts";
import type { HistoryEntry } from "./pbx/compilations.ts";
import type { Pbx } from "./pbx/pbx.ts";

/** A call flow app with everything the PBX knows of it, properties spelled as the API spells them. */
export interface AppState {
  readonly Id: number;
  readonly Number: string;
  readonly Name: string;
  readonly RoutingType: string | null;
  readonly TranscriptionMode: string | null;
  readonly ScriptCode: string;
  readonly CompilationSucceeded: boolean;
  readonly CompilationResult: string | null;
  readonly CompilationLastSuccess: string | null;
  readonly InvalidScript: boolean;
  readonly RejectedCode: string | null;
  readonly IsRegistered: boolean;
  readonly Groups: readonly {
    readonly GroupId: number;
    readonly Name: string;
    readonly RoleName: string;
  }[];
  readonly Trunk: { readonly Id: number; readonly Number: string; readonly Name: string } | null;
  /** The script that answers calls now; null when there is none. */
  readonly runnable: string | null;
  readonly compiling: boolean;
}

/** What an administrator does by hand in the 3CX console; the API's rules hold, its log and faults do not. */
export interface SandboxConsole {
  list(): readonly AppState[];
  get(number: string): AppState | undefined;
  /** Properties as the API takes them. A script is compiled at once. Throws a Refusal. */
  edit(number: string, properties: JsonObject): Promise<AppState>;
  create(properties: JsonObject): Promise<AppState>;
  remove(number: string): Promise<void>;
  /** What answered calls on that number, from its first app on. */
  history(number: string): readonly HistoryEntry[];
  /** Everything the PBX keeps, by collection: a copy. */
  state(): Readonly<Record<string, readonly JsonObject[]>>;
}

export function createConsole(pbx: Pbx, save: () => Promise<void>): SandboxConsole {
  const apps = setNamed("CallFlowApps");
  const find = (number: string): Row => {
    const found = pbx.store.byNumber(number);
    if (found?.set !== "CallFlowApps") throw new Error(`there is no call flow app ${number}`);
    return found.row;
  };
  const edit = async (number: string, properties: JsonObject): Promise<AppState> => {
    await pbx.update(apps, find(number), properties, { delay: 0 });
    pbx.compilations.settle();
    await save();
    return describe(pbx, find(number));
  };
  return {
    list() {
      pbx.compilations.settle();
      return pbx.store.list("CallFlowApps").map((row) => describe(pbx, row));
    },
    get(number) {
      pbx.compilations.settle();
      const found = pbx.store.byNumber(number);
      return found?.set === "CallFlowApps" ? describe(pbx, found.row) : undefined;
    },
    edit,
    async create({ Number: number = null, Name: name = null, ...rest }) {
      await pbx.create(apps, { Number: number, Name: name });
      return edit(textOf(number), rest);
    },
    async remove(number) {
      pbx.remove(apps, find(number));
      await save();
    },
    history(number) {
      pbx.compilations.settle();
      return pbx.compilations.history(number);
    },
    state() {
      pbx.compilations.settle();
      return structuredClone(pbx.snapshot().store.sets);
    },
  };
}

function describe({ store, compilations }: Pbx, row: Row): AppState {
  const trunk = typeof row["Trunk"] === "number" ? store.byId("Trunks", row["Trunk"]) : undefined;
  return {
    Id: Number(row["Id"]),
    Number: textOf(row["Number"]),
    Name: textOf(row["Name"]),
    RoutingType: textIn(row, "RoutingType"),
    TranscriptionMode: textIn(row, "TranscriptionMode"),
    ScriptCode: textOf(row["ScriptCode"]),
    CompilationSucceeded: row["CompilationSucceeded"] === true,
    CompilationResult: textIn(row, "CompilationResult"),
    CompilationLastSuccess: textIn(row, "CompilationLastSuccess"),
    InvalidScript: row["InvalidScript"] === true,
    RejectedCode: textIn(row, "RejectedCode"),
    IsRegistered: row["IsRegistered"] === true,
    Groups: membershipsOf(row).map(({ GroupId, RoleName }) => ({
      GroupId,
      Name: textOf(store.byId("Groups", GroupId)?.["Name"]),
      RoleName,
    })),
    Trunk:
      trunk === undefined
        ? null
        : { Id: Number(trunk["Id"]), Number: textOf(trunk["Number"]), Name: nameOf(trunk) },
    runnable: compilations.runnable(row),
    compiling: compilations.isCompiling(row),
  };
}

function textIn(row: Row, name: string): string | null {
  const value = row[name];
  return typeof value === "string" ? value : null;
}
