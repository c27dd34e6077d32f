/** What a starter project is about. */
export interface StarterChoices {
  /** What the project calls its PBX. */
  readonly target: string;
  /** The PBX's origin; undefined leaves it to the environment. */
  readonly url: string | undefined;
  /** True with an example app, false where the apps come from a PBX. */
  readonly example: boolean;
}

/** Words that YAML reads as something else than text. */
const NOT_TEXT = /^(true|false|null)$/i;

/** The project file, without its first line. */
export function writeProjectFile({ target, url }: StarterChoices): string {
  const plain = /^[A-Za-z][\w.-]*$/.test(target) && !NOT_TEXT.test(target);
  return `apiVersion: callform/v1
kind: Project
targets:
  ${plain ? target : JSON.stringify(target)}:
    ${url === undefined ? "# url: https://pbx.example.com:5001" : `url: ${url}`}
    # The API client comes from CALLFORM_CLIENT_ID and CALLFORM_CLIENT_SECRET, or from the inputs of the workflows.
    policy:
      # What happens on the PBX to an app whose manifest is taken out of Git: nothing. With "removed" it goes too.
      prune: never
`;
}

export function writeReadme({ target, url, example }: StarterChoices): string {
  const apps = example
    ? "`apps/hello.yaml` and `apps/hello.cs` are an example: change its number and the extension it rings, or remove both."
    : "Each app is a manifest and a script in `apps`, as the PBX had them when this project was made.";
  const address = url === undefined ? "CALLFORM_URL=https://pbx.example.com:5001 " : "";
  return `# Call flow apps

The call flow apps of a 3CX phone system, kept in Git and applied with Callform. \`callform.yaml\` names the PBX: \`${target}\`.
${apps}

\`\`\`sh
export ${address}CALLFORM_CLIENT_ID=… CALLFORM_CLIENT_SECRET=…
callform validate   # checks everything here, without a PBX
callform plan       # shows what would change on it; only reads
callform apply      # makes it so
\`\`\`

Id and secret are made in the admin console under *Integrations > API*, with the department DEFAULT and the role System Owner.

## On GitHub

The workflows in \`.github/workflows\` plan every pull request, apply what is merged, and look for changes made by hand. In each,
put the repository and commit of a Callform release where it says \`OWNER/callform@000…\`; the variables and secrets it names go into
the settings of this repository. \`hosts\` is the host of the PBX: credentials go nowhere else${url === undefined ? ", so put yours in its place" : ""}.

## In an editor

\`schemas\` lets an editor complete manifests and explain every key, with a network or without. After an update of Callform, renew it
with \`callform schema --out schemas\`.
`;
}
