import { mayHoldCredential } from "../../domain/plan/mask/live-texts.ts";
import { joinSpans, maskSpans } from "../../domain/spans.ts";
import { judgeLiveTexts } from "../secrets/present-plan.ts";
import type { Reading } from "./read-all.ts";
import type { ResourceStatus } from "./status.ts";

/**
 * The statuses as they may be shown: what looks like a credential in the texts of the PBX is masked, such as in the last script
 * that it refused. Throws the reason of the signal.
 */
export async function presentStatuses(
  statuses: readonly ResourceStatus[],
  { settings, redactor, stop }: Pick<Reading, "settings" | "redactor" | "stop">,
): Promise<readonly ResourceStatus[]> {
  const texts = statuses.flatMap(({ title, status }) => [title, ...Object.values(status)]);
  const shown = texts.filter((text) => typeof text === "string");
  const judged = await judgeLiveTexts(new Set(shown.filter(mayHoldCredential)), {
    root: settings.project.root,
    env: settings.env,
    redactor,
    signal: stop,
  });
  const mask = (text: string): string => maskSpans(text, joinSpans(judged.suspects(text)));
  return statuses.map((item) => ({
    ...item,
    ...(item.title === undefined ? {} : { title: mask(item.title) }),
    status: Object.fromEntries(
      Object.entries(item.status).map(([key, value]) => [
        key,
        typeof value === "string" ? mask(value) : value,
      ]),
    ),
  }));
}
