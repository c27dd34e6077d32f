// Prints the notes of a release: what the changelog says of it, and the line that uses the Action at exactly this commit.
//   node scripts/release-notes.mjs v1.2.3 owner/repository COMMIT
// Refuses a tag that package.json or the changelog does not know, so that nothing is published under a wrong name.
import { readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
const [tag, repository, commit] = process.argv.slice(2);

function readRepository({ repository: given }) {
  const url = typeof given === "string" ? given : (given?.url ?? "");
  return url.match(/github(?:\.com[/:]|:)([^/]+\/[^/]+?)(?:\.git)?$/)?.[1];
}

/** The lines below the heading of a version, up to the next heading of a version. */
function findChanges(changelog, version) {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((text) => text.split(/[\s,]/, 1)[0] === version);
  return section?.slice(section.indexOf("\n")).trim();
}

const manifest = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
const changes = findChanges(
  readFileSync(path.join(ROOT, "CHANGELOG.md"), "utf8"),
  manifest.version,
);
const problems = [
  ...(tag === `v${manifest.version}`
    ? []
    : [`the tag is ${tag}, package.json says ${manifest.version}`]),
  ...(changes ? [] : [`CHANGELOG.md has no section "## ${manifest.version}"`]),
  // npm refuses the provenance of a package that names another repository, or none.
  ...(readRepository(manifest) === repository
    ? []
    : [`package.json must have "repository": "github:${repository}"`]),
  ...(/^[0-9a-f]{40}$/.test(commit ?? "") ? [] : [`${commit} is no full commit`]),
];
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}

console.log(`${changes}

Use this release of the Action by its commit:

\`\`\`yaml
- uses: ${repository}@${commit} # ${tag}
\`\`\`

The bundle, the package and the image carry a statement of where they were built: \`gh attestation verify FILE --repo ${repository}\`.`);
