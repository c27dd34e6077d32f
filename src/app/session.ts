import { compareIds } from "../domain/plan.ts";
import { failure, type Problem } from "../domain/problem.ts";
import type { Redactor } from "../domain/redact.ts";
import { nameResource } from "../domain/resource.ts";
import type { ApplyEvent, ApplyResult } from "../domain/result.ts";
import { applyPlan } from "../engine/apply.ts";
import { makePlan, type Planned } from "../engine/plan.ts";
import { tryScripts } from "../engine/trial.ts";
import { describeHead } from "../git/tree.ts";
import { kinds } from "../kinds/index.ts";
import { noLog, openLogFile } from "../store/log-file.ts";
import { createClient } from "../xapi/client.ts";
import { createAudit } from "./audit.ts";
import { checkScripts } from "./check-scripts.ts";
import { systemClock } from "./clock.ts";
import { isNarrowing, matchesFilter } from "./filter.ts";
import { readAll } from "./read-all.ts";
import type { Connection, Settings } from "./settings.ts";
import { describeHealth, type ResourceStatus } from "./status.ts";

export type { Planned } from "../engine/plan.ts";

export interface SessionOptions {
  readonly settings: Settings;
  readonly connection: Connection;
  readonly redactor: Redactor;
  /** Told in words how far a reading is; the next replaces it. */
  readonly onProgress: (text: string) => void;
  /** Told what a person who waits should know. */
  readonly onNote: (text: string) => void;
  /** Start nothing more. */
  readonly stop: AbortSignal;
  /** Drop everything. */
  readonly abort: AbortSignal;
}

/** One run against one PBX: one client, one token. */
export interface Session {
  /** What would change, with every warning of manifests and scripts. Throws ProblemError when there is no plan to be had. */
  plan(): Promise<{ planned: Planned; problems: readonly Problem[] }>;
  /** Has the PBX compile the changed scripts on the target's scratch number: the one thing beside apply that writes. */
  compile(planned: Planned): Promise<readonly Problem[]>;
  apply(planned: Planned, onEvent: (event: ApplyEvent) => void): Promise<ApplyResult[]>;
  status(): Promise<{ statuses: readonly ResourceStatus[]; problems: readonly Problem[] }>;
  close(): Promise<void>;
}

/** Puts the layers together. */
export function openSession(options: SessionOptions): Session {
  const { settings, connection, redactor, onProgress, onNote, stop, abort } = options;
  const { filter, limits, prune, strict, logFile } = settings;
  redactor.add(connection.clientSecret);
  redactor.add(connection.digestKey);
  const log = logFile === undefined ? noLog : openLogFile(logFile, redactor, systemClock.now);
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
  const reading = { settings, reader, redactor, onProgress, stop };
  audit.started(target);

  return {
    async plan() {
      if (logFile !== undefined) audit.revision(await describeHead(settings.project.root, stop));
      const everything = await readAll({ ...reading, secrets: true, ref: settings.base });
      const planned = await makePlan({
        ...everything,
        kinds,
        selects: (id, labels) => matchesFilter(filter, id, labels),
        partial: isNarrowing(filter) || settings.paths.length > 0,
        prune,
        reader,
        target,
        digestKey: connection.digestKey,
        limits,
        signal: stop,
      });
      audit.planned(planned.plan);
      const changing = new Set(planned.plan.changes.map(nameResource));
      const touched = everything.resources.filter((item) => changing.has(nameResource(item)));
      const scripts = await checkScripts(kinds, touched, strict);
      return { planned, problems: [...everything.problems, ...scripts, ...planned.plan.problems] };
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
      const ports = { reader, writer, clock: systemClock, stop, abort };
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
      return { statuses: selected.map((item) => describeHealth(kinds, item, snapshot)), problems };
    },
    close: () => client.close(),
  };
}

function explainScratch(): Error {
  return failure("scratch-missing", "the target has no scratch number to compile on", {
    hint: "give it one that nothing else uses, as policy.scratchNumber in callform.yaml",
  });
}
