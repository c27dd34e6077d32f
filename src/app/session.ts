import type { Snapshot } from "../domain/plan.ts";
import { hasErrors, ProblemError, type Problem } from "../domain/problem.ts";
import type { Redactor } from "../domain/redact.ts";
import { nameResource, type DesiredResource } from "../domain/resource.ts";
import type { ApplyEvent, ApplyResult } from "../domain/result.ts";
import { applyPlan } from "../engine/apply.ts";
import { makePlan, type Planned } from "../engine/plan.ts";
import { refresh } from "../engine/refresh.ts";
import { kinds } from "../kinds/index.ts";
import { noLog, openLogFile } from "../store/log-file.ts";
import { createClient } from "../xapi/client.ts";
import { checkScripts } from "./check-scripts.ts";
import { systemClock } from "./clock.ts";
import { isNarrowing, judgeFilter, matchesFilter } from "./filter.ts";
import { loadResources } from "./manifests.ts";
import type { Connection, Settings } from "./settings.ts";
import { describeHealth, type ResourceStatus } from "./status.ts";

export interface SessionOptions {
  readonly settings: Settings;
  readonly connection: Connection;
  readonly redactor: Redactor;
  /** Told in words what is going on, for a person who waits. */
  readonly onProgress: (text: string) => void;
  /** Start nothing more. */
  readonly stop: AbortSignal;
  /** Drop everything. */
  readonly abort: AbortSignal;
}

export type { Planned } from "../engine/plan.ts";

/** One run against one PBX: one client, one token. */
export interface Session {
  /** What would change, with every warning of manifests and scripts. Throws ProblemError when there is no plan to be had. */
  plan(): Promise<{ planned: Planned; problems: readonly Problem[] }>;
  apply(planned: Planned, onEvent: (event: ApplyEvent) => void): Promise<ApplyResult[]>;
  status(): Promise<{ statuses: readonly ResourceStatus[]; problems: readonly Problem[] }>;
  close(): Promise<void>;
}

/** Puts the layers together. */
export function openSession(options: SessionOptions): Session {
  const { settings, connection, redactor, onProgress, stop, abort } = options;
  redactor.add(connection.clientSecret);
  redactor.add(connection.digestKey);
  const log =
    settings.logFile === undefined
      ? noLog
      : openLogFile(settings.logFile, redactor, () => systemClock.now());
  const client = createClient({
    ...connection,
    clock: systemClock,
    onToken: (token) => redactor.add(token),
    onExchange: (exchange) => log.write("request", { ...exchange }),
    onRetry: (reason, wait) =>
      onProgress(`${reason}; trying again in ${(wait / 1000).toFixed(1)} s`),
    onPage: (read, total) => onProgress(`read ${read} of ${total} from ${connection.origin}`),
  });
  const target = { name: connection.name, url: connection.origin };

  /** Manifests and PBX are read at the same time; a mistake in the manifests ends the reading. */
  async function readBoth(secrets: boolean): Promise<{
    resources: readonly DesiredResource[];
    snapshot: Snapshot;
    problems: readonly Problem[];
  }> {
    const giveUp = new AbortController();
    const snapshot = refresh(client.reader, kinds, AbortSignal.any([stop, giveUp.signal]));
    snapshot.catch(() => undefined);
    try {
      const loaded = await loadResources(settings, secrets, stop);
      for (const secret of loaded.secrets) redactor.add(secret);
      const slips = judgeFilter(settings.filter, loaded.resources);
      if (hasErrors(slips)) throw new ProblemError(slips);
      return { ...loaded, snapshot: await snapshot };
    } catch (error) {
      giveUp.abort();
      throw error;
    }
  }

  return {
    async plan() {
      const { resources, snapshot, problems } = await readBoth(true);
      const planned = await makePlan({
        kinds,
        resources,
        selects: (resource) => matchesFilter(settings.filter, resource),
        partial: isNarrowing(settings.filter) || settings.paths.length > 0,
        snapshot,
        reader: client.reader,
        target,
        digestKey: connection.digestKey,
        maxChangePercent: settings.maxChangePercent,
        signal: stop,
      });
      const changing = new Set(planned.plan.changes.map(nameResource));
      const touched = resources.filter((resource) => changing.has(nameResource(resource)));
      const scripts = await checkScripts(kinds, touched, settings.strict);
      const { digest, summary } = planned.plan;
      log.write("planned", { target: { ...target }, digest, summary: { ...summary } });
      return { planned, problems: [...problems, ...scripts, ...planned.plan.problems] };
    },
    async apply(planned, onEvent) {
      const { concurrency, keepFailed } = settings;
      const { reader, writer } = client;
      log.write("applying", { target: { ...target }, digest: planned.plan.digest });
      const results = await applyPlan({
        planned,
        reader,
        writer,
        clock: systemClock,
        concurrency,
        keepFailed,
        stop,
        abort,
        onEvent: (event) => {
          logEvent(event);
          onEvent(event);
        },
      });
      log.write("finished", { outcomes: results.map(({ outcome }) => outcome) });
      return results;
    },
    async status() {
      const { resources, snapshot, problems } = await readBoth(false);
      const selected = resources.filter((resource) => matchesFilter(settings.filter, resource));
      return {
        statuses: selected.map((resource) => describeHealth(kinds, resource, snapshot)),
        problems,
      };
    },
    close: () => client.close(),
  };

  function logEvent(event: ApplyEvent): void {
    if (event.type === "step")
      return log.write("step", { resource: nameResource(event.resource), step: event.step });
    const resource = nameResource(event.result);
    const { op, outcome, milliseconds, problems } = event.result;
    const messages = problems.map(({ code, message }) => `${code}: ${message}`);
    log.write("result", { resource, op, outcome, milliseconds, problems: messages });
  }
}
