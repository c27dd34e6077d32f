import { explainLiteral, readAddresses, type PathMatch } from "../spec/address.ts";
import { createAnswerCheck } from "./answer.ts";
import {
  TOKEN_ANSWER,
  TOKEN_REQUEST,
  UNAUTHORIZED,
  UNDESCRIBED_PATHS,
} from "../spec/deviations.ts";
import { findQueryMistakes } from "./query.ts";
import type { Recorded, RecordedAnswer } from "../record/record.ts";
import type { Operation, Spec } from "../spec/read.ts";
import { show } from "../spec/tree.ts";
import { createValueCheck, type Mistake } from "../spec/values.ts";

/** One breach of the contract. */
export interface Violation {
  /** `GET /CallFlowApps`, or what was asked for when there is no such operation. */
  readonly operation: string;
  /** `request` or `answer 200`, and where in its body. */
  readonly place: string;
  readonly message: string;
}

/** An exchange held against the API description. */
export interface Judged {
  readonly operation: Operation | undefined;
  readonly query: URLSearchParams;
  readonly violations: readonly Violation[];
}

export interface Contract {
  readonly spec: Spec;
  readonly judge: (exchange: Recorded) => Judged;
}

const ROOT = "/xapi/v1";
const AGENT = /^callform(\/|$)/u;

/** True for what Callform itself sent, as opposed to a test that talks HTTP by hand. */
export function isFromClient({ agent }: Recorded): boolean {
  return AGENT.test(agent ?? "");
}

/**
 * The contract of one API description. Requests are judged when our client sent them, answers always,
 * unless a fault of the test's own made them up.
 */
export function createContract(spec: Spec): Contract {
  const addresses = readAddresses(spec);
  const values = createValueCheck(spec.schemas);
  const answers = createAnswerCheck(spec, values);

  function judge(exchange: Recorded): Judged {
    const [path, query] = readTarget(exchange.target);
    if (path === spec.tokenPath) return judgeToken(exchange, query);
    const below =
      path.startsWith(`${ROOT}/`) || path === ROOT ? path.slice(ROOT.length) : undefined;
    const fromClient = isFromClient(exchange);
    const match = below === undefined ? undefined : addresses.match(below, !fromClient);
    const operation = match?.operations.get(exchange.method);
    const mistakes = fromClient ? judgeRequest(exchange, path, match, operation, query) : [];
    const isDiscovery = exchange.method === "GET" && UNDESCRIBED_PATHS.has(below ?? "none");
    const answer = isDiscovery ? undefined : honestAnswer(exchange);
    const wrong =
      answer === undefined ? [] : answers.findMistakes(operation, query, answer, exchange.version);
    const name = operation?.name ?? `${exchange.method} ${match?.template ?? below ?? path}`;
    return {
      operation,
      query,
      violations: [...place(name, "request", mistakes), ...placeAnswer(name, exchange, wrong)],
    };
  }

  function judgeToken(exchange: Recorded, query: URLSearchParams): Judged {
    const isPost = exchange.method === "POST";
    const mistakes = isPost
      ? values.findMistakes(TOKEN_REQUEST, exchange.request)
      : [{ at: "", message: `the API has no ${exchange.method} here, only POST` }];
    const answer = honestAnswer(exchange);
    const wrong = answer === undefined ? [] : findTokenMistakes(answer);
    const name = `${exchange.method} ${spec.tokenPath}`;
    return {
      operation: undefined,
      query,
      violations: [
        ...place(name, "request", isFromClient(exchange) ? mistakes : []),
        ...placeAnswer(name, exchange, wrong),
      ],
    };
  }

  function findTokenMistakes({ status, body }: RecordedAnswer): readonly Mistake[] {
    if (status === 200) return values.findMistakes(TOKEN_ANSWER, body);
    return body === undefined ? [] : values.findMistakes(UNAUTHORIZED, body);
  }

  function judgeRequest(
    { method, request }: Recorded,
    path: string,
    match: PathMatch | undefined,
    operation: Operation | undefined,
    query: URLSearchParams,
  ): readonly Mistake[] {
    if (match === undefined) return [{ at: "", message: `the API has no path ${path}` }];
    if (operation === undefined) {
      const known = [...match.operations.keys()].join(", ");
      return [{ at: "", message: `the API has no ${method} here, only ${known}` }];
    }
    return [
      ...findPathMistakes(operation, match),
      ...findQueryMistakes(spec.schemas, operation, query).map((message) => ({ at: "", message })),
      ...findBodyMistakes(operation, request),
    ];
  }

  function findBodyMistakes({ body }: Operation, request: unknown): readonly Mistake[] {
    if (body === undefined)
      return request === undefined ? [] : [{ at: "", message: `takes no body: ${show(request)}` }];
    if (request !== undefined) return values.findMistakes(body.schema, request);
    return body.required ? [{ at: "", message: "lacks its body" }] : [];
  }

  return { spec, judge };
}

function readTarget(target: string): readonly [string, URLSearchParams] {
  const [path = "", ...rest] = target.split("?");
  return [decode(path), new URLSearchParams(rest.join("?"))];
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function findPathMistakes({ pathParameters }: Operation, { texts }: PathMatch): readonly Mistake[] {
  return [...texts].flatMap(([name, text]) => {
    const schema = pathParameters.get(name);
    const message = schema && explainLiteral(schema, text);
    return message === undefined ? [] : [{ at: "", message: `${name} ${message}` }];
  });
}

function honestAnswer({ answer, faults = [] }: Recorded): RecordedAnswer | undefined {
  return faults.length === 0 ? answer : undefined;
}

function place(operation: string, where: string, mistakes: readonly Mistake[]): Violation[] {
  return mistakes.map(({ at, message }) => ({
    operation,
    place: at === "" ? where : `${where}, ${at}`,
    message,
  }));
}

function placeAnswer(
  operation: string,
  { answer }: Recorded,
  mistakes: readonly Mistake[],
): Violation[] {
  return place(operation, `answer ${answer?.status ?? ""}`, mistakes);
}
