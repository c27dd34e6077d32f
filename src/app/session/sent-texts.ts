import { signVerdict } from "../../domain/plan/standing/sign-verdict.ts";
import type { Kind, SentTexts } from "../../domain/ports.ts";
import { nameResource, type LiveResource } from "../../domain/resource.ts";
import type { Secret } from "../../domain/secret.ts";
import { openNotes } from "../../store/note-folder.ts";

export interface SentTextsOptions {
  readonly folder: string;
  readonly origin: string;
  readonly key: Secret<string>;
  /** Told once, in words, when notes cannot be kept. */
  readonly onNote: (text: string) => void;
}

/**
 * Texts that were sent from this machine and have no verdict yet. A PBX may show a new text at once with the verdict on the one
 * before beside it, so one reading cannot tell them apart; a run that was killed right there leaves it to the next to know.
 */
export function openSentTexts({ folder, origin, key, onNote }: SentTextsOptions): SentTexts {
  const notes = openNotes(folder, origin);
  let told = false;

  async function keep(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!told)
        onNote(
          `cannot keep notes in ${folder} (${String(error)}); only should this run be killed, the next one may take a script for judged too early`,
        );
      told = true;
    }
  }

  return {
    async read() {
      const known = await notes.read();
      return (kind: Kind, live: LiveResource) =>
        known.size > 0 && known.get(nameResource(live)) === signVerdict(key, kind, live);
    },
    note: (kind, live) => keep(notes.write(nameResource(live), signVerdict(key, kind, live))),
    forget: (id) => keep(notes.remove(nameResource(id))),
  };
}
