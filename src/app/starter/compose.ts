import { listPackageFolder, readPackageFile } from "../package-files.ts";
import { nameHost } from "../settings/address.ts";
import { readSchemas, SCHEMA_FOLDER, schemaModeline } from "../project/schemas.ts";
import { IGNORED } from "./ignored.ts";
import { writeProjectFile, writeReadme, type StarterChoices } from "./texts.ts";

/** A file of a new project: its path below the project's folder, with forward slashes. */
export interface NewFile {
  readonly name: string;
  readonly text: string;
}

const EXAMPLE = "examples/hello/apps/";
/** What the workflows say in the place of a host. */
const EXAMPLE_HOST = "pbx.example.com:5001";
const WORKFLOWS = ["pull-request.yml", "apply.yml", "drift.yml"] as const;

/**
 * Every file of a starter project, in the order of names. The example app, the workflows and the schemas are those that ship
 * with Callform, so none of them has a second copy to fall behind.
 */
export async function composeStarter(choices: StarterChoices): Promise<readonly NewFile[]> {
  const modeline = schemaModeline("Project", "callform.yaml", true);
  const files = await Promise.all([
    choices.example ? readExample() : [],
    readWorkflows(choices),
    copySchemas(),
  ]);
  return [
    { name: ".gitignore", text: IGNORED },
    { name: "README.md", text: writeReadme(choices) },
    { name: "callform.yaml", text: `${modeline}\n${writeProjectFile(choices)}` },
    ...files.flat(),
  ].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function readExample(): Promise<NewFile[]> {
  const files = await listPackageFolder(EXAMPLE);
  return Promise.all(
    files.map(async (file) => {
      const name = `apps/${file}`;
      return { name, text: refer(await readPackageFile(EXAMPLE + file), name) };
    }),
  );
}

/** The manifest with a first line that fits its new place; any other text as it is. */
function refer(text: string, name: string): string {
  const kind = /^kind: (\w+)$/m.exec(text)?.[1];
  if (kind === undefined) return text;
  return text.replace(/^# yaml-language-server: .*$/m, () => schemaModeline(kind, name, true));
}

/**
 * The workflows speak of one target, under the name it has there: as target, environment and concurrency group. They bind
 * credentials to its host; where that is not known yet, to one that is none, so that nothing goes anywhere until it is said.
 */
async function readWorkflows({ target, url }: StarterChoices): Promise<NewFile[]> {
  const host = url === undefined ? undefined : nameHost(url);
  return Promise.all(
    WORKFLOWS.map(async (file) => {
      const text = await readPackageFile(`examples/workflows/${file}`);
      const name = `.github/workflows/${file}`;
      const named = text.replaceAll(/\bproduction\b/g, () => target);
      return {
        name,
        text: host === undefined ? named : named.replaceAll(EXAMPLE_HOST, () => host),
      };
    }),
  );
}

async function copySchemas(): Promise<NewFile[]> {
  const schemas = await readSchemas();
  return schemas
    .filter(({ written }) => written)
    .map(({ file, text }) => ({ name: `${SCHEMA_FOLDER}/${file}`, text }));
}
