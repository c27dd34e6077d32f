import { sortProblems, type Problem } from "../../domain/problem.ts";
import { nameResource, type DesiredResource } from "../../domain/resource.ts";
import { kinds } from "../../kinds/index.ts";
import { checkScripts, listScripts, rememberChecks } from "../project/check-scripts.ts";
import { viewManifests } from "../project/manifests.ts";
import type { Settings } from "../settings/resolve.ts";
import { mergeViews } from "../project/target-views.ts";

export interface Validation {
  readonly files: number;
  readonly resources: number;
  readonly problems: readonly Problem[];
}

/** Everything that can be known without a PBX: every target's view of every manifest, and the syntax of every script. */
export async function validateProject(
  settings: Settings,
  signal: AbortSignal,
): Promise<Validation> {
  const { targets, strict } = settings;
  const check = rememberChecks();
  // Begun while the rest is read, because the parser takes its time to get fast.
  const begin = (resource: DesiredResource): void => {
    for (const { text } of listScripts(kinds, resource)) void check(text);
  };
  const views = await Promise.all(
    (targets.length === 0 ? [undefined] : targets).map(async (target) => {
      const { files, resources, problems } = await viewManifests(settings, target, {
        secrets: false,
        signal,
        onResource: begin,
      });
      const scripts = await checkScripts(kinds, resources, strict, check);
      return { target: target?.name, files, resources, problems: [...problems, ...scripts] };
    }),
  );
  return {
    files: views[0]?.files.length ?? 0,
    resources: new Set(views.flatMap(({ resources }) => resources.map(nameResource))).size,
    problems: sortProblems([...settings.problems, ...mergeViews(views)]),
  };
}
