// The kinds as src/kinds declares them, for what is generated from them. Bundled, because not every Node that runs this
// reads TypeScript.
import { build } from "esbuild";
import { ROOT } from "./manifest-schemas.mjs";

const ENTRY = `
export { kinds } from "./src/kinds/index.ts";
export { fileNameOf, pluralOf } from "./src/kinds/declare/names.ts";
export { writeSchema } from "./src/kinds/declare/schema.ts";
`;

/** `{ kinds, writeSchema, fileNameOf, pluralOf }` */
export async function loadKinds() {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: ROOT, loader: "ts" },
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    logLevel: "warning",
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}
