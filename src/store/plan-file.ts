import { parseShallowJson } from "../domain/json.ts";
import { failure } from "../domain/problem.ts";
import { PLAN_FORMAT, type Plan } from "../domain/plan/plan.ts";
import { readPlainFile } from "./read-file.ts";
import { saveFile } from "./save-file.ts";

const OPS: ReadonlySet<unknown> = new Set(["create", "update", "delete"]);

/** Enough for the scripts of some thousand apps. */
const MAX_MEBIBYTES = 128;
/** Of brackets; a plan has less than twenty. */
const MAX_DEPTH = 100;

/** Writes a plan, its folder made where it is missing. Throws ProblemError where it cannot be written. */
export async function savePlan(path: string, text: string): Promise<void> {
  const reason = await saveFile(path, text);
  if (reason !== undefined)
    throw failure("plan-file", `the plan file ${path} cannot be written: ${reason}`);
}

/** What is read back of a saved plan: it is a receipt to compare with, never a program to run. */
export type PlanReceipt = Pick<
  Plan,
  "digest" | "target" | "changes" | "partial" | "id" | "savedAt" | "seals"
>;

/** The receipt in a file. Throws ProblemError where it is none, or one of another version. */
export async function loadPlan(path: string): Promise<PlanReceipt> {
  const reading = await readPlainFile(path, MAX_MEBIBYTES);
  if ("reason" in reading)
    throw failure("plan-file", `the plan file ${path} cannot be read: ${reading.reason}`);
  const plan = parse(reading.text);
  if (plan === undefined)
    throw failure("plan-file", `${path} is not a saved plan`, {
      hint: "save one with: callform plan --out FILE",
    });
  if (plan["formatVersion"] !== PLAN_FORMAT)
    throw failure(
      "plan-file",
      `${path} has plan format ${String(plan["formatVersion"])}, this version reads ${PLAN_FORMAT}`,
      {
        hint: "plan again with this version",
      },
    );
  if (isReceipt(plan)) return plan;
  throw failure("plan-file", `${path} is damaged: it lacks a digest, a target or its changes`);
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseShallowJson(text, MAX_DEPTH);
  const isPlan = typeof value === "object" && value !== null && "formatVersion" in value;
  return isPlan ? { ...value } : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Judged as deep as it is compared and shown. */
function isReceipt(plan: object): plan is PlanReceipt {
  const { digest, changes, target, id, savedAt, seals } = plan as Partial<
    Record<keyof Plan, unknown>
  >;
  return (
    typeof digest === "string" &&
    Array.isArray(changes) &&
    changes.every(isChange) &&
    isRecord(target) &&
    typeof target["name"] === "string" &&
    typeof target["url"] === "string" &&
    (seals === undefined || areSeals(seals)) &&
    [id, savedAt].every((value) => value === undefined || typeof value === "string")
  );
}

function areSeals(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { fields, deletes, unset } = value;
  return (
    isRecord(fields) &&
    Object.values(fields).every((pair) => isRecord(pair) && typeof pair["before"] === "string") &&
    isRecord(deletes) &&
    Array.isArray(unset)
  );
}

function isChange(change: unknown): boolean {
  if (!isRecord(change)) return false;
  const { kind, key, op, fields } = change;
  const named = [kind, key].every((value) => typeof value === "string");
  return named && OPS.has(op) && Array.isArray(fields) && fields.every(isField);
}

function isField(field: unknown): boolean {
  return isRecord(field) && typeof field["field"] === "string";
}
