// The floor of a plan: reads both sides at the same time, compares texts, prints what differs.
import { compareApps } from "./compare.ts";
import { readManifests } from "./manifests.ts";
import { connectFloor } from "./pbx.ts";

const manifests = readManifests(process.argv[2] ?? ".");
const pbx = await connectFloor(process.env);
const [live, apps] = await Promise.all([pbx.list(), manifests]);
const changes = compareApps(apps, live);
console.log(`${changes.length} to change of ${apps.length}`);
for (const { number, fields } of changes) console.log(`${number}: ${fields.join(", ")}`);
await pbx.close();
