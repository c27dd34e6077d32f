import { createContract, isFromClient, type Violation } from "./check.ts";
import { createCoverage, type Coverage, type OperationUse, type TypeUse } from "./coverage.ts";
import type { Counted } from "../record/records.ts";
import type { Spec } from "../spec/read.ts";

/** What became of a run. */
export interface Verdict {
  readonly violations: number;
  /** For a person, with an empty line before and after. */
  readonly text: string;
}

interface Breach extends Violation {
  readonly test: string;
  times: number;
}

interface Tally {
  requests: number;
  answers: number;
  madeUp: number;
}

const SHOWN = 50;
const WIDTH = 110;

/** Judges everything that a run recorded, and says so. */
export function judgeRun(spec: Spec, records: readonly Counted[]): Verdict {
  const contract = createContract(spec);
  const coverage = createCoverage(spec);
  const breaches = new Map<string, Breach>();
  const tally: Tally = { requests: 0, answers: 0, madeUp: 0 };
  for (const { exchange, times } of records) {
    const judged = contract.judge(exchange);
    coverage.note(exchange, judged, times);
    if (isFromClient(exchange)) tally.requests += times;
    if (exchange.faults !== undefined) tally.madeUp += times;
    else if (exchange.answer !== undefined) tally.answers += times;
    for (const violation of judged.violations) {
      const key = describe(violation).replaceAll(/\[\d+\]/gu, "[]");
      const known = breaches.get(key);
      if (known === undefined)
        breaches.set(key, { ...violation, test: exchange.test ?? "", times });
      else known.times += times;
    }
  }
  const found = [...breaches.values()];
  return { violations: found.length, text: write(spec, tally, coverage, found) };
}

function write(spec: Spec, tally: Tally, coverage: Coverage, breaches: readonly Breach[]): string {
  const operations = coverage.operations();
  const head = `API contract (${spec.name}): ${tally.requests} requests of the client and ${tally.answers} answers of the sandbox checked, ${tally.madeUp} answers that a test made up left out`;
  return [
    "",
    head,
    "",
    `operations exercised: ${operations.length} of ${spec.operations.length}`,
    ...operations.map(writeOperation),
    "",
    "properties exercised, by type",
    ...coverage.types().flatMap(writeType),
    "",
    ...writeBreaches(breaches),
    "",
    "",
  ].join("\n");
}

function writeOperation({ operation, client, others, statuses }: OperationUse): string {
  const counts = `client ${client}, others ${others}`;
  return `  ${operation.name.padEnd(56)} ${counts.padEnd(28)} ${statuses.join(" ")}`;
}

function writeType({ type, all, sent, asked, received }: TypeUse): readonly string[] {
  const seen = all.filter((name) => received.has(name) || sent.has(name) || asked.has(name));
  const unseen = all.filter((name) => !seen.includes(name));
  const ours =
    asked.size + sent.size === 0 ? "" : `; client asked ${asked.size}, sent ${sent.size}`;
  // Whichever list is the shorter says it all.
  const names =
    unseen.length <= seen.length ? `all but ${unseen.join(" ")}` : `only ${seen.join(" ")}`;
  return [
    `  ${type}: ${seen.length} of ${all.length}${ours}`,
    ...(unseen.length === 0 ? [] : wrap(names, "      ")),
  ];
}

function wrap(text: string, indent: string): readonly string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => indent + line);
}

function writeBreaches(breaches: readonly Breach[]): readonly string[] {
  if (breaches.length === 0) return ["no violation of the contract"];
  const shown = breaches
    .slice(0, SHOWN)
    .flatMap((breach) => [
      `  ${describe(breach)}`,
      `      ${breach.times === 1 ? "once" : `${breach.times} times, first`} in ${breach.test}`,
    ]);
  const more = breaches.length > SHOWN ? [`  and ${breaches.length - SHOWN} more`] : [];
  return [`VIOLATIONS OF THE CONTRACT: ${breaches.length}`, ...shown, ...more];
}

function describe({ operation, place, message }: Violation): string {
  return `${operation}: ${place}: ${message}`;
}
