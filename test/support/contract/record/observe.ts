import type {
  exchange as answerExchange,
  Exchange,
  Machine,
} from "../../../../src/sandbox/exchange.ts";
import type { FaultAction } from "../../../../src/sandbox/faults/read.ts";
import type { Json } from "../../../../src/sandbox/json.ts";
import { redact } from "../../../../src/sandbox/http/log.ts";
import type { Recorded } from "./record.ts";

/** The sandbox's own way of answering a request, told of each. */
export function observeExchange(
  answer: typeof answerExchange,
  tell: (recorded: Recorded) => void,
): typeof answerExchange {
  return async (machine, context) => {
    let request: Json | undefined;
    let actions: readonly FaultAction[] = [];
    let finished: Exchange | undefined;
    const observed: Machine = {
      ...machine,
      log: {
        ...machine.log,
        begin(begun) {
          request = begun.body;
          return machine.log.begin(begun);
        },
      },
      faults: {
        ...machine.faults,
        strike(target) {
          actions = machine.faults.strike(target);
          return actions;
        },
      },
      record(exchange) {
        finished = exchange;
        machine.record(exchange);
      },
    };
    const url = new URL(context.req.url);
    const agent = context.req.header("user-agent");
    try {
      return await answer(observed, context);
    } finally {
      tell({
        method: context.req.method,
        target: `${url.pathname}${url.search}`,
        ...(agent === undefined ? {} : { agent }),
        ...(request === undefined ? {} : { request }),
        version: machine.pbx.store.version,
        ...describeAnswer(finished),
        ...describeFaults(actions),
      });
    }
  };
}

function describeAnswer(finished: Exchange | undefined): Pick<Recorded, "answer"> {
  if (finished === undefined) return {};
  const { status, response } = finished;
  return { answer: { status, ...(response === undefined ? {} : { body: redact(response) }) } };
}

function describeFaults(actions: readonly FaultAction[]): Pick<Recorded, "faults"> {
  const faults = actions.filter((action) => makesUp(action)).map(({ type }) => type);
  return faults.length === 0 ? {} : { faults };
}

/** True for a fault whose answer says nothing about the PBX. The others delay, cut off or precede an honest one. */
export function makesUp({ type }: FaultAction): boolean {
  switch (type) {
    case "status":
    case "malformed":
      return true;
    case "truncate":
    case "delay":
    case "reset":
    case "restart":
    case "supersede":
    case "compile":
      return false;
    default:
      return type satisfies never;
  }
}
