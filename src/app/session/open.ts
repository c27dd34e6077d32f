import { selectDrift, type Drift } from "../../domain/plan/drift.ts";
import { compareIds, markBlocked, type Plan } from "../../domain/plan/plan.ts";
import { sealPlan, type Seals } from "../../domain/review/seals.ts";
import { failure, type Problem } from "../../domain/problem.ts";
import { redactTexts } from "../../domain/redact.ts";
import { nameResource } from "../../domain/resource.ts";
import type { ApplyEvent, ApplyResult } from "../../domain/result.ts";
import { applyPlan } from "../../engine/apply.ts";
import type { Planned } from "../../engine/plan.ts";
import { tryScripts } from "../../engine/trial.ts";
import { describeHead } from "../../git/tree.ts";
import { kinds } from "../../kinds/index.ts";
import { noLog, openLogFile } from "../../store/log-file.ts";
import { createClient } from "../../xapi/client.ts";
import { createAudit } from "./audit.ts";
import { expectBaseHost } from "../project/base-host.ts";
import { checkScripts } from "../project/check-scripts.ts";
import { systemClock } from "../clock.ts";
import { stateFolder } from "../settings/state-folder.ts";
import { matchesFilter } from "../settings/filter.ts";
import { planTarget } from "./plan-target.ts";
import { readAll, type Reading } from "./read-all.ts";
import type { Connection } from "../settings/resolve.ts";
import { presentStatuses } from "./present-statuses.ts";
import { openSentTexts } from "./sent-texts.ts";
import { describeHealth, type ResourceStatus } from "./status.ts";

/** What a plan says of texts that are as they should be and do not run. */
const STANDING_CODES: ReadonlySet<string> = new Set(["compiling", "unhealthy"]);

export type { Planned } from "../../engine/plan.ts";

export interface SessionOptions extends Omit<Reading, "reader"> {
  readonly connection: Connection;
  /** Drop everything; `stop` only starts nothing more. */
  readonly abort: AbortSignal;
}

/** One run against one PBX: one client, one token. */
export interface Session {
  /**
   * What would change, with every warning of manifests and scripts. The syntax of scripts is left to the PBX's `compiler` where
   * that is going to judge them anyway, unless mistakes are errors. Throws ProblemError when there is no plan to be had.
   */
  plan(judge?: "parser" | "compiler"): Promise<{ planned: Planned; problems: readonly Problem[] }>;
  /** Keyed hashes of what the plan does not show, to know later whether it is still the same. */
  seal(planned: Planned): Seals;
  /** What the PBX has otherwise than Git says. Throws ProblemError when that cannot be known. */
  drift(): Promise<{ drift: Drift; plan: Plan; problems: readonly Problem[] }>;
  /** Has the PBX compile the changed scripts on the target's scratch number: the one thing beside apply that writes. */
  compile(planned: Planned): Promise<readonly Problem[]>;
  apply(planned: Planned, onEvent: (event: ApplyEvent) => void): Promise<ApplyResult[]>;
  status(): Promise<{ statuses: readonly ResourceStatus[]; problems: readonly Problem[] }>;
  /** Lends what only reads to a use case that is not part of every session, such as a pull. */
  read<T>(work: (reading: Reading) => Promise<T>): Promise<T>;
  /** Throws ProblemError when the log file lacks a line of what happened. */
  expectLogged(): void;
  close(): Promise<void>;
}

/**
 * Puts the layers together; nothing is asked of the PBX yet. Throws ProblemError where the credentials would go to a host that
 * they are not for.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { settings, connection, redactor, stop, abort } = options;
  const onNote = (text: string): void => options.onNote(redactor.redact(text));
  const onProgress = (text: string): void => options.onProgress(redactor.redact(text));
  const { filter, strict, logFile } = settings;
  redactor.add(connection.clientSecret);
  redactor.add(connection.digestKey);
  redactor.spare([connection.name, connection.origin, new URL(connection.origin).port]);
  await expectBaseHost({ settings, connection, onProgress, onNote, signal: stop });
  const log =
    logFile === undefined
      ? noLog
      : openLogFile(logFile, redactor, systemClock.now, connection.name);
  const audit = createAudit(log, settings.env);
  const client = createClient({
    ...connection,
    clock: systemClock,
    onToken: (token) => redactor.add(token),
    onExchange: (exchange) => log.write("request", { ...exchange }),
    onRetry: (reason, wait) => onNote(`${reason}; trying again in ${(wait / 1000).toFixed(1)} s`),
    onPage: (read, total) => onProgress(`read ${read} of ${total} from ${connection.origin}`),
  });
  const { reader, writer } = client;
  const target = { name: connection.name, url: connection.origin };
  const reading = { settings, reader, redactor, onProgress, onNote, stop };
  const sentTexts = openSentTexts({
    folder: stateFolder(settings.env),
    origin: connection.origin,
    key: connection.digestKey,
    onNote,
  });
  const planning = { ...reading, target, digestKey: connection.digestKey, sentTexts };
  audit.started(target);

  return {
    async plan(judge = "parser") {
      if (logFile !== undefined) audit.revision(await describeHead(settings.project.root, stop));
      const { everything, planned } = await planTarget(planning);
      audit.planned(planned.plan);
      const changing = new Set(planned.plan.changes.map(nameResource));
      const touched = everything.resources.filter((item) => changing.has(nameResource(item)));
      const left = judge === "compiler" && !strict;
      const scripts = left ? [] : await checkScripts(kinds, touched, strict);
      const problems = [...everything.problems, ...scripts, ...planned.plan.problems];
      return {
        planned: { ...planned, plan: markBlocked(planned.plan, redactTexts(redactor, problems)) },
        problems,
      };
    },
    seal: (planned) => sealPlan(connection.digestKey, planned),
    async drift() {
      const { everything, planned } = await planTarget(planning);
      return {
        drift: selectDrift(planned.plan, everything.base?.resources),
        plan: planned.plan,
        problems: [
          ...everything.problems,
          ...planned.plan.problems.filter(({ code }) => STANDING_CODES.has(code)),
        ],
      };
    },
    async compile({ levels }) {
      const scratchNumber = settings.target?.policy.scratchNumber;
      if (scratchNumber === undefined) throw explainScratch();
      log.write("compiling", { scratchNumber });
      const work = levels.flat();
      onNote(`this plan writes: it compiles on ${scratchNumber}, and removes that app again`);
      return tryScripts({
        work,
        scratchNumber,
        reader,
        writer,
        clock: systemClock,
        onProgress: onNote,
        stop,
        abort,
      });
    },
    async apply(planned, onEvent) {
      const { concurrency, keepFailed } = settings;
      audit.applying(planned.plan);
      const report = (event: ApplyEvent): void => {
        audit.happened(event);
        onEvent(event);
      };
      const ports = { reader, writer, clock: systemClock, sentTexts, stop, abort };
      const results = await applyPlan({
        planned,
        ...ports,
        concurrency,
        keepFailed,
        onEvent: report,
      });
      audit.finished(results);
      return results;
    },
    async status() {
      const { resources, snapshot, problems } = await readAll({
        ...reading,
        secrets: false,
        ref: undefined,
      });
      const selected = resources
        .filter((item) => matchesFilter(filter, item, item.labels))
        .toSorted(compareIds);
      const statuses = selected.map((item) => describeHealth(kinds, item, snapshot));
      return { statuses: await presentStatuses(statuses, planning), problems };
    },
    read: (work) => work(reading),
    expectLogged: () => log.expectWhole(),
    close: () => client.close(),
  };
}

function explainScratch(): Error {
  return failure("scratch-missing", "the target has no scratch number to compile on", {
    hint: "give it one that nothing else uses, as policy.scratchNumber in callform.yaml",
  });
}
