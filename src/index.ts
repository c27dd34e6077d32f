// The public library surface: what a program needs to plan and apply, and the simulator to test against.
export { createRedactor, type Redactor } from "./domain/redact.ts";
export type { Change, Plan, PlanSummary, Target } from "./domain/plan/plan.ts";
export {
  hasErrors,
  ProblemError,
  type Problem,
  type Severity,
  type SourceSpan,
} from "./domain/problem.ts";
export type { ApplyEvent, ApplyResult, Step } from "./domain/result.ts";
export { validateProject, type Validation } from "./app/offline/validate.ts";
export { openSession, type Session, type SessionOptions } from "./app/session/open.ts";
export {
  resolveConnection,
  resolveSettings,
  type Connection,
  type Flags,
  type Settings,
} from "./app/settings/resolve.ts";
export { startSandbox, type Sandbox, type SandboxOptions } from "./sandbox/server.ts";
