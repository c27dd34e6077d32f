import { renderTarget } from "../../app/offline/render.ts";
import { resolveSettings } from "../../app/settings/resolve.ts";
import { renderManifestsJson, renderManifestsYaml } from "../../render/reports/manifests.ts";
import { renderProblems } from "../../render/problems/text.ts";
import type { Context } from "../context.ts";
import type { CommandFlags } from "../flags.ts";

/** `callform render`: the manifests as one target sees them; 0. */
export async function render(
  context: Context,
  paths: readonly string[],
  flags: CommandFlags,
): Promise<number> {
  const { console, surroundings, stop } = context;
  const settings = await resolveSettings(flags, paths, surroundings, "offline");
  const rendition = await renderTarget(settings, stop);
  console.err(renderProblems(rendition.problems, console.paintErr));
  console.out(
    flags.format === "json" ? renderManifestsJson(rendition) : renderManifestsYaml(rendition),
  );
  return 0;
}
