export type CheckState = "ok" | "warning" | "failed" | "skipped";

/** One thing that was looked at, for the person who reads it. */
export interface Check {
  /** Stable kebab-case word, part of the output contract. */
  readonly name: string;
  readonly state: CheckState;
  /** What was found, one statement each; empty where the check was skipped. */
  readonly found: readonly string[];
  /** What to do about it; given wherever the state is `failed`. */
  readonly advice?: string;
  /** Name of the failed check that left nothing to look at. */
  readonly because?: string;
}

/** What a check came to. Its value is what later checks work from: a failed one has none. */
export type Verdict<T> =
  | {
      readonly state: "ok" | "warning";
      readonly found: readonly string[];
      readonly advice?: string;
      readonly value: T;
    }
  | { readonly state: "failed"; readonly found: readonly string[]; readonly advice: string };

/** A check that was made or skipped, and its value where it has one. */
export interface Finding<T> {
  readonly check: Check;
  readonly result?: { readonly value: T };
}

/** The value of a finding that a check named among its needs; naming it is what makes it sure to be there. */
export type Take = <T>(finding: Finding<T>) => T;

/** Makes one check after the other and keeps them. */
export interface Examination {
  /** Made so far, in order. */
  readonly checks: readonly Check[];
  /** Does the work, or skips it because of the first of its needs that has no value. */
  examine<T>(
    name: string,
    needs: readonly Finding<unknown>[],
    work: (take: Take) => Promise<Verdict<T>> | Verdict<T>,
  ): Promise<Finding<T>>;
}

export interface ExaminationEvents {
  readonly onStart?: ((name: string) => void) | undefined;
  readonly onCheck?: ((check: Check) => void) | undefined;
}

export function createExamination({ onStart, onCheck }: ExaminationEvents = {}): Examination {
  const checks: Check[] = [];
  const keep = <T>(finding: Finding<T>): Finding<T> => {
    checks.push(finding.check);
    onCheck?.(finding.check);
    return finding;
  };
  return {
    checks,
    async examine(name, needs, work) {
      const missing = needs.find(({ result }) => result === undefined)?.check;
      if (missing !== undefined) {
        // What was itself skipped points on to what failed.
        const because = missing.because ?? missing.name;
        return keep({ check: { name, state: "skipped", found: [], because } });
      }
      onStart?.(name);
      const verdict = await work(takeValue);
      const { state, found, advice } = verdict;
      const check = { name, state, found, ...(advice === undefined ? {} : { advice }) };
      return keep("value" in verdict ? { check, result: { value: verdict.value } } : { check });
    },
  };
}

function takeValue<T>({ check, result }: Finding<T>): T {
  if (result === undefined)
    throw new Error(`${check.name} has no value and was not named as needed`);
  return result.value;
}

/** The first that failed: what comes after it may be no more than its consequence. */
export function findCause(checks: readonly Check[]): Check | undefined {
  return checks.find(({ state }) => state === "failed");
}

/** The worst first. */
export const CHECK_STATES: readonly CheckState[] = ["failed", "warning", "ok", "skipped"];

export function countChecks(checks: readonly Check[], state: CheckState): number {
  return checks.filter((check) => check.state === state).length;
}
