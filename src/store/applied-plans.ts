import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { failure, type ProblemError } from "../domain/problem.ts";
import type { Target } from "../domain/plan/plan.ts";

/** Which saved plans of a folder were applied: a line of JSON for each beginning and each end. It holds no value of a plan. */
export const APPLIED_FILE = ".callform-applied";

/** An apply of a saved plan that was begun, or came to its end. */
export interface AppliedPlan {
  readonly id: string;
  readonly state: "begun" | "finished";
  readonly target: Target;
  /** When the plan was saved, as ISO 8601; absent in plans that do not say. */
  readonly savedAt?: string;
  /** When it was begun or finished, as ISO 8601. */
  readonly at: string;
}

/** Some 20,000 applies; more than that is something else. */
const MAX_BYTES = 8 * 1024 * 1024;
// Others may write to a folder of plans too: no link is followed, and no pipe waited for.
const CAREFUL = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const READ = constants.O_RDONLY | CAREFUL;
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | CAREFUL;

/** What the folder knows, oldest first; empty where nothing was applied. Throws ProblemError when that cannot be told. */
export function readApplied(folder: string): readonly AppliedPlan[] {
  const file = path.join(folder, APPLIED_FILE);
  const text = withFile(file, READ, (fd) => readFileSync(fd, "utf8"));
  return (text ?? "")
    .split("\n")
    .flatMap((line, index) => (line === "" ? [] : [parseLine(line, file, index + 1)]));
}

/** Adds a line, on disk when it returns, which no other program's line can tear apart. Throws ProblemError when it cannot. */
export function recordApplied(folder: string, entry: AppliedPlan): void {
  const file = path.join(folder, APPLIED_FILE);
  const line = Buffer.from(`${JSON.stringify(entry)}\n`);
  withFile(file, APPEND, (fd) => {
    if (writeSync(fd, line) < line.length) throw new Error("ENOSPC: no space left on device");
    fsyncSync(fd);
  });
}

/** Undefined where there is no such file to read. */
function withFile<T>(file: string, flags: number, work: (fd: number) => T): T | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(file, flags, 0o600);
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new Error("it is no file");
    if (stats.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    return work(fd);
  } catch (error) {
    if (flags === READ && isMissing(error)) return undefined;
    throw explain(file, error instanceof Error ? error.message : String(error));
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function parseLine(line: string, file: string, number: number): AppliedPlan {
  try {
    const value: unknown = JSON.parse(line);
    if (isApplied(value)) return value;
  } catch {
    // Said below.
  }
  throw explain(file, `line ${number} is damaged`);
}

function isApplied(value: unknown): value is AppliedPlan {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Partial<Record<keyof AppliedPlan, unknown>>;
  return (
    typeof entry.id === "string" &&
    (entry.state === "begun" || entry.state === "finished") &&
    typeof entry.at === "string" &&
    (entry.savedAt === undefined || typeof entry.savedAt === "string") &&
    isTarget(entry.target)
  );
}

function isTarget(value: unknown): value is Target {
  if (typeof value !== "object" || value === null) return false;
  const { name, url } = value as Partial<Record<keyof Target, unknown>>;
  return typeof name === "string" && typeof url === "string";
}

function explain(file: string, reason: string): ProblemError {
  return failure("plan-record", `${file}, which says what saved plans were applied: ${reason}`, {
    hint: "a saved plan is applied once, and this file keeps count: apply from a folder that can be written, or remove a damaged one and review a new plan",
  });
}
