import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { failure } from "../domain/problem.ts";
import { PLAN_FORMAT, type Plan } from "../domain/plan/plan.ts";

/** Writes the text (its folder made where it is missing) beside its place and moves it there, so that a reader sees the old file or the new one whole. */
export async function savePlan(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw failure("plan-file", `cannot write the plan file ${path}: ${String(error)}`);
  }
}

/** What is read back of a saved plan: it is a receipt to compare with, never a program to run. */
export type PlanReceipt = Pick<Plan, "digest" | "target" | "changes" | "partial">;

/** The receipt in a file. Throws ProblemError where it is none, or one of another version. */
export async function loadPlan(path: string): Promise<PlanReceipt> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw failure("plan-file", `cannot read the plan file ${path}: ${String(error)}`);
  });
  const plan = parse(text);
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
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "formatVersion" in value
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}

function isReceipt(plan: object): plan is PlanReceipt {
  return (
    "digest" in plan &&
    typeof plan.digest === "string" &&
    "changes" in plan &&
    Array.isArray(plan.changes) &&
    "target" in plan &&
    typeof plan.target === "object" &&
    plan.target !== null
  );
}
