import { textOf } from "../json.ts";
import { findSet, setNamed } from "../model/registry.ts";
import { isDefaultRoute, makeDefaultRoute, rulesOf } from "../model/trunk-rules.ts";
import type { Row } from "../model/types.ts";
import type { Pbx } from "../pbx/pbx.ts";
import { Refusal } from "../refusal.ts";
import type { Seed, SeedApp } from "./seed.ts";

interface Plant {
  readonly set: string;
  /** Its place in the seed. */
  readonly where: string;
  readonly row: Row;
}

const DEFAULT_DEPARTMENT = "DEFAULT";

/** Puts what a seed says into an empty PBX. Throws an Error that lists every mistake in it. */
export async function plantSeed(pbx: Pbx, seed: Seed, now: number): Promise<void> {
  const { store } = pbx;
  const mistakes: string[] = [];
  const isFree = ({ row, where }: Plant): boolean => {
    const number = textOf(row["Number"]);
    if (row["Number"] === undefined || store.byNumber(number) === undefined) return true;
    mistakes.push(`${where}: the number ${number} is taken already`);
    return false;
  };
  for (const plant of listPlants(seed))
    if (isFree(plant)) store.insert(plant.set, { ...setNamed(plant.set).defaults, ...plant.row });

  const groupIds = new Map(store.list("Groups").map((row) => [row["Name"], row["Id"]]));
  const trunkIds = new Map(store.list("Trunks").map((row) => [row["Number"], row["Id"]]));
  for (const [index, app] of (seed.apps ?? []).entries()) {
    const where = `apps[${index}] (${app.number})`;
    const groups = (app.groups ?? []).map(({ name, role = "users" }) => {
      const id = groupIds.get(name);
      if (id === undefined) mistakes.push(`${where}: there is no department ${name}`);
      return { GroupId: id ?? 0, RoleName: role };
    });
    const trunk = app.trunk === undefined ? null : trunkIds.get(app.trunk);
    if (trunk === undefined) mistakes.push(`${where}: there is no trunk ${app.trunk}`);
    const row = { ...appRow(app, now), Groups: groups, Trunk: trunk ?? null };
    if (!isFree({ set: "CallFlowApps", where, row })) continue;
    const { runnable } = startOf(app);
    pbx.compilations.begin(store.insert("CallFlowApps", row), runnable);
  }
  mistakes.push(...(await createEntities(pbx, seed)));
  for (const trunk of store.list("Trunks"))
    if (!rulesOf(store, trunk["Id"] ?? null).some(isDefaultRoute))
      store.insert("InboundRules", makeDefaultRoute(trunk));
  if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
}

async function createEntities(pbx: Pbx, seed: Seed): Promise<readonly string[]> {
  const mistakes: string[] = [];
  for (const [name, bodies] of Object.entries(seed.entities ?? {})) {
    const set = findSet(name);
    if (set === undefined || !set.verbs.includes("create")) {
      mistakes.push(`entities.${name}: nothing can be created in a collection of that name`);
      continue;
    }
    for (const [index, body] of bodies.entries()) {
      try {
        await pbx.create(set, body);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        mistakes.push(`entities.${name}[${index}]: ${error.message.replaceAll("\n", " ")}`);
      }
    }
  }
  return mistakes;
}

function listPlants(seed: Seed): readonly Plant[] {
  const named = [
    ["Queues", "queues", seed.queues ?? []],
    ["RingGroups", "ringGroups", seed.ringGroups ?? []],
    ["Receptionists", "receptionists", seed.receptionists ?? []],
  ] as const;
  const others = (seed.departments ?? []).filter(({ name }) => name !== DEFAULT_DEPARTMENT);
  return [
    ...[{ name: DEFAULT_DEPARTMENT }, ...others].map((department, index) => ({
      set: "Groups",
      where: `departments (${department.name})`,
      row: departmentRow(department, index),
    })),
    ...(seed.trunks ?? []).map(({ number, name, didNumbers = [] }, index) => ({
      set: "Trunks",
      where: `trunks[${index}] (${number})`,
      row: trunkRow(number, name, didNumbers),
    })),
    ...(seed.users ?? []).map(({ number, name }, index) => ({
      set: "Users",
      where: `users[${index}] (${number})`,
      row: { Number: number, FirstName: name, LastName: "", Enabled: true, IsRegistered: false },
    })),
    ...named.flatMap(([set, key, extensions]) =>
      extensions.map(({ number, name }, index) => ({
        set,
        where: `${key}[${index}] (${number})`,
        row: { Number: number, Name: name, IsRegistered: true },
      })),
    ),
    ...(seed.reserved ?? []).map(({ number, name, type }, index) => ({
      set: "Reserved",
      where: `reserved[${index}] (${number})`,
      row: { Number: number, Name: name, Type: type },
    })),
    ...(seed.parameters ?? []).map(({ name, value }, index) => ({
      set: "Parameters",
      where: `parameters[${index}] (${name})`,
      row: { Name: name, Value: value },
    })),
  ];
}

function departmentRow(department: { name: string; number?: string }, index: number): Row {
  const { name, number = `GRP${String(index).padStart(4, "0")}` } = department;
  return { Name: name, Number: number, IsDefault: name === DEFAULT_DEPARTMENT, Language: "EN" };
}

function trunkRow(number: string, name: string, didNumbers: readonly string[]): Row {
  return {
    Number: number,
    Gateway: { Name: name, Type: "Provider", Host: "sip.example.com" },
    DidNumbers: didNumbers,
    Direction: "Both",
    IsOnline: true,
  };
}

function appRow(app: SeedApp, now: number): Row {
  const { text, runnable, refused } = startOf(app);
  return {
    Number: app.number,
    Name: app.name,
    RoutingType: app.routingType ?? "DialCode",
    TranscriptionMode: app.transcriptionMode ?? "Inherit",
    IsRegistered: app.isRegistered ?? true,
    Files: app.files ?? [],
    ScriptCode: text,
    CompilationSucceeded: runnable !== undefined && refused === undefined,
    CompilationResult:
      refused === undefined
        ? ""
        : `:[1..1)E:CS0103:\n${app.compile?.message ?? "refused by the seed"}`,
    CompilationLastSuccess: runnable === undefined ? null : new Date(now).toISOString(),
    InvalidScript: runnable === undefined,
    RejectedCode: refused ?? null,
  };
}

interface Start {
  readonly text: string;
  readonly runnable: string | undefined;
  /** The text that the compiler has refused. Without a script, or without a verdict, nothing was. */
  readonly refused: string | undefined;
}

function startOf({ scriptCode: text = "", rejectedCode, compile }: SeedApp): Start {
  const verdict = rejectedCode === undefined ? (compile?.verdict ?? "accept") : "accept";
  const refused = rejectedCode ?? (text !== "" && verdict === "refuse" ? text : undefined);
  return { text, runnable: text !== "" && verdict === "accept" ? text : undefined, refused };
}
