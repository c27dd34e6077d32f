import { isFromClient, type Judged } from "./check.ts";
import { listedModel, readShape, type Shape } from "./query.ts";
import type { Recorded } from "../record/record.ts";
import type { Model } from "../spec/schema.ts";
import type { Operation, Spec } from "../spec/read.ts";
import { isTree, type Tree } from "../spec/tree.ts";

/** How often an operation was used, and what it answered. */
export interface OperationUse {
  readonly operation: Operation;
  /** Requests of Callform's own. */
  readonly client: number;
  /** Requests of tests that speak HTTP themselves. */
  readonly others: number;
  readonly statuses: readonly number[];
}

/** Which properties of one type came by. */
export interface TypeUse {
  readonly type: string;
  readonly all: readonly string[];
  /** In the body of a request of Callform's own. */
  readonly sent: ReadonlySet<string>;
  /** Asked for by a `$select` or `$expand` of Callform's own. */
  readonly asked: ReadonlySet<string>;
  /** In an answer. */
  readonly received: ReadonlySet<string>;
}

export interface Coverage {
  note(exchange: Recorded, judged: Judged, times: number): void;
  /** In the order of the description. */
  operations(): readonly OperationUse[];
  /** By name. */
  types(): readonly TypeUse[];
}

type Way = "sent" | "asked" | "received";

export function createCoverage({ schemas, operations }: Spec): Coverage {
  const uses = new Map<Operation, { client: number; others: number; statuses: Set<number> }>();
  const seen = new Map<string, { model: Model } & Record<Way, Set<string>>>();

  function noteProperties(model: Model, names: Iterable<string>, way: Way): void {
    const fresh = {
      model,
      sent: new Set<string>(),
      asked: new Set<string>(),
      received: new Set<string>(),
    };
    const entry = seen.get(model.name) ?? fresh;
    seen.set(model.name, entry);
    for (const name of names) if (model.properties.has(name)) entry[way].add(name);
  }

  function noteValue(schema: Tree, value: unknown, way: Way): void {
    const model = schemas.innerModelOf(schema);
    if (model === undefined || model.open) return;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (!isTree(one)) continue;
      noteProperties(model, Object.keys(one), way);
      for (const [name, inner] of Object.entries(one)) {
        const property = model.properties.get(name);
        if (property !== undefined) noteValue(property.schema, inner, way);
      }
    }
  }

  function noteShape(model: Model, shape: Shape): void {
    noteProperties(model, [...(shape.select ?? []), ...shape.expand.keys()], "asked");
    for (const [name, inner] of shape.expand) {
      const property = model.properties.get(name);
      const target = property && schemas.innerModelOf(property.schema);
      if (target !== undefined) noteShape(target, inner);
    }
  }

  return {
    note(exchange, { operation, query }, times) {
      if (operation === undefined) return;
      const use = uses.get(operation) ?? { client: 0, others: 0, statuses: new Set<number>() };
      uses.set(operation, use);
      const fromClient = isFromClient(exchange);
      use[fromClient ? "client" : "others"] += times;
      if (fromClient && operation.body !== undefined)
        noteValue(operation.body.schema, exchange.request, "sent");
      const success = operation.answers.get("200");
      if (fromClient && success !== undefined)
        noteShape(listedModel(schemas, success), readShape(query));
      if (exchange.answer === undefined || exchange.faults !== undefined) return;
      const { status, body } = exchange.answer;
      use.statuses.add(status);
      const schema = operation.answers.get(String(status));
      if (schema !== undefined) noteValue(schema, body, "received");
    },
    operations: () =>
      operations.flatMap((operation) => {
        const use = uses.get(operation);
        if (use === undefined) return [];
        const statuses = [...use.statuses].toSorted((a, b) => a - b);
        return [{ operation, client: use.client, others: use.others, statuses }];
      }),
    types: () =>
      [...seen.entries()]
        .filter(([, { model }]) => !model.properties.has("value") || model.properties.size > 2)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([type, { model, sent, asked, received }]) => ({
          type,
          all: [...model.properties.keys()],
          sent,
          asked,
          received,
        })),
  };
}
