import { readFaults, type Fault } from "../../../../src/sandbox/faults/read.ts";
import { createFaults } from "../../../../src/sandbox/faults/strikes.ts";
import { makesUp } from "./observe.ts";
import type { Recorded } from "./record.ts";
import { textAt, type Tree } from "../spec/tree.ts";

/** What a run knows of a sandbox in a process of its own, beside the record that the sandbox writes. */
export interface ProgramNote {
  readonly test: string;
  /** The text of its faults file. */
  readonly faults?: string;
}

/**
 * Gives the reader of one record that `callform sandbox --record` wrote. The record does not say who
 * sent a request, so that only its answer will be judged, nor which fault struck: every answer that one
 * of its faults can have made up counts as made up.
 */
export function createProgramReader(note: ProgramNote | undefined): (line: Tree) => Recorded {
  const faults = note?.faults === undefined ? [] : readFaults(note.faults, "faults");
  const everywhere = faults.flatMap(({ match, action }): Fault[] => [
    { ...(match === undefined ? {} : { match }), times: "always", action },
  ]);
  const { strike } = createFaults(everywhere);
  return (line) => {
    const [method = "", path = "", query = ""] = ["method", "path", "query"].map((name) =>
      textAt(line, name),
    );
    const madeUp = strike({ method, path, query }).filter((action) => makesUp(action));
    const { status, request, response } = line;
    return {
      method,
      target: encodeTarget(path, query),
      ...(request === null || request === undefined ? {} : { request }),
      answer: {
        status: Number(status),
        ...(response === null || response === undefined ? {} : { body: response }),
      },
      ...(madeUp.length === 0 ? {} : { faults: madeUp.map(({ type }) => type) }),
      test: note?.test ?? "a sandbox process",
    };
  };
}

/** The sandbox records both decoded. */
function encodeTarget(path: string, query: string): string {
  const encoded = encodeURI(path).replaceAll("?", "%3F");
  if (query === "") return encoded;
  const options = query.split("&").map((option) => {
    const [name = "", ...value] = option.split("=");
    return `${encodeURIComponent(name)}=${encodeURIComponent(value.join("="))}`;
  });
  return `${encoded}?${options.join("&")}`;
}
