// The floor of a validation: every manifest through the YAML parser and nothing else.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

const folder = path.join(process.argv[2] ?? ".", "apps");
let count = 0;
for (const file of readdirSync(folder)) {
  if (!file.endsWith(".yaml")) continue;
  const document = parse(readFileSync(path.join(folder, file), "utf8")) as object | null;
  if (document !== null) count += 1;
}
console.log(`${count} parsed`);
