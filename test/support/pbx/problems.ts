import { ProblemError, type Problem } from "../../../src/domain/problem.ts";

/** The problems that some work ends with; throws whatever else it ends with. */
export async function catchProblems(work: Promise<unknown>): Promise<readonly Problem[]> {
  const error = await work.then(
    () => new Error("nothing was thrown"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProblemError)) throw error;
  return error.problems;
}

/** The one problem that some work ends with. */
export async function catchProblem(work: Promise<unknown>): Promise<Problem> {
  const [problem, ...more] = await catchProblems(work);
  if (problem === undefined || more.length > 0) throw new Error(`${more.length + 1} problems`);
  return problem;
}
