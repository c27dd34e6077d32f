import type { Health } from "../domain/ports.ts";
import type { Problem } from "../domain/problem.ts";
import { nameResource, type DesiredResource, type LiveResource } from "../domain/resource.ts";
import { reveal } from "../domain/secret.ts";
import { callFlowPackage } from "./call-flow-package.ts";
import {
  explainCompilation,
  firstError,
  isAwaitingFirstVerdict,
  judgeCompilation,
  traceVerdict,
} from "./compile.ts";
import type { StatusDeclaration } from "./declare/declaration.ts";
import { defineKind } from "./declare/define-kind.ts";
import { extensionNumber } from "./declare/extension.ts";
import { memberships } from "./declare/fields/memberships.ts";
import { choice, line, script } from "./declare/fields/plain.ts";
import { trunkLink } from "./declare/fields/trunk.ts";

/** Long enough for the largest scripts seen; a client in production use gives up at 25 seconds. */
const COMPILE_TIMEOUT = 60_000;

/** ScriptCode comes only with $select; seen live by two clients. */
const COMPILE_STATE = [
  "Id",
  "Number",
  "ScriptCode",
  "InvalidScript",
  "CompilationSucceeded",
  "CompilationResult",
  "CompilationLastSuccess",
  "RejectedCode",
];

const VERDICT: StatusDeclaration = {
  type: "boolean",
  why: "it is the compiler's verdict on the script",
};

/** A call flow app: a C# script bound to an extension number. */
export const callFlowApp = defineKind(
  {
    name: "CallFlowApp",
    collection: "CallFlowApps",
    noun: "call flow app",
    short: "app",
    peerType: "RoutePoint",
    about:
      "One call flow app of a 3CX phone system: a C# call-processing script bound to an extension number.",
    key: extensionNumber("app", ["806", "*39"]),
    titleField: "name",
    since: "20.0",
    evidence: "3CX's API description; unchanged from October 2024 to 20.0.10",
    fields: {
      name: line(
        "The name of the app in the admin console. Lower-case letters and digits are the safe choice.",
        {
          required: true,
          born: true,
          examples: ["afterhours"],
          evidence: "names seen live are such; until 20.0.8 the API had a warning for others",
        },
      ),
      routingType: choice(
        "What starts the script: a dial code (DialCode), calls forwarded to the number or to a DID (Forward), or every call on a SIP trunk (Trunk).",
        {
          DialCode: "Somebody dials the number as a code.",
          Forward: "Calls are sent to the number, by a rule, another app or a DID.",
          Trunk: "Every call that comes in on the trunk named by trunk.",
        },
        { clears: true, examples: ["Forward"] },
      ),
      trunk: trunkLink("With routingType Trunk: the SIP trunk whose calls the script handles.", {
        evidence:
          "nobody has shown a write for an app; TrunkDN of an inbound rule takes Id and Number",
      }),
      transcriptionMode: choice(
        "What the PBX transcribes of this app's calls. Inherit follows the department.",
        {
          Nothing: "Nothing is transcribed.",
          Voicemail: "Voicemail only.",
          Recordings: "Recordings only.",
          Both: "Voicemail and recordings.",
          Inherit: "What the department says.",
        },
        { clears: true },
      ),
      groups: memberships("app"),
      scriptCode: script(
        "The C# script itself, best as a YAML block that starts with `|`. Use either this or scriptFile; with neither, the script is not managed.",
        {
          key: "scriptFile",
          ending: ".cs",
          title: "Script file",
          about:
            "The C# script, as a path relative to this file, with forward slashes: a text file, UTF-8 of at most 5 MiB, or the .zip that Call Flow Designer builds, whose script is taken. It must lie inside the project folder. Use either this or scriptCode; with neither, the script is not managed.",
          examples: ["after-hours.cs", "../scripts/menu.cs", "packages/menu.zip"],
        },
        "must not be blank: an app without a script answers no calls",
        {
          title: "Script text",
          examples: ["using CallFlow;\n"],
          evidence: "comes only with $select, seen live by two clients",
        },
      ),
    },
    status: {
      isRegistered: {
        type: "boolean",
        why: "it says whether the Call Flow service holds the number",
      },
      invalidScript: VERDICT,
      compilationSucceeded: VERDICT,
      compilationResult: { type: "text", why: "it is the compiler's own text" },
      compilationLastSuccess: { type: "text", why: "the compiler notes the time itself" },
      rejectedCode: { type: "text", why: "it holds the last script that the compiler refused" },
    },
    leaves: {},
    example: {
      metadata: { number: "806", labels: { team: "support" } },
      spec: {
        name: "afterhours",
        routingType: "Forward",
        transcriptionMode: "Inherit",
        scriptFile: "after-hours.cs",
        groups: [{ name: "DEFAULT", role: "users" }],
      },
      lifecycle: { protect: true, ignore: ["transcriptionMode"] },
    },
  },
  {
    // The kind that Callform is for is read whether Git has one or not, so that a plan tells what Git does not have.
    scope: undefined,
    archives: { scriptFile: callFlowPackage },
    settle: {
      field: "scriptCode",
      query: { collection: "CallFlowApps", select: COMPILE_STATE },
      timeout: COMPILE_TIMEOUT,
      reduce: judgeCompilation,
      trace: traceVerdict,
      explain: explainCompilation,
    },
    check,
    health,
  },
);

function check(desired: DesiredResource): Problem[] {
  return [...checkTrunkUnused(desired), ...checkTrunkMissing(desired)];
}

/** A warning, because a PBX may be in that state, or hold a trunk that the manifest leaves to it. */
function checkTrunkMissing(desired: DesiredResource): Problem[] {
  const { trunk = null, routingType } = desired.fields;
  if (routingType === undefined || reveal(routingType) !== "Trunk" || reveal(trunk) !== null)
    return [];
  // The console's to say.
  if (desired.lifecycle.ignore.some((field) => field === "trunk" || field === "routingType"))
    return [];
  const at = desired.fieldSpans["routingType"];
  return [
    {
      severity: "warning",
      code: "trunk-missing",
      message: "routingType is Trunk, and no trunk is named whose calls come to this app",
      hint: 'add trunk: { number: "10001" } with the number of yours, choose another routingType, or leave the trunk to the console with lifecycle: { ignore: [trunk] }',
      subject: nameResource(desired),
      ...(at === undefined ? {} : { at }),
    },
  ];
}

function checkTrunkUnused(desired: DesiredResource): Problem[] {
  const { trunk, routingType } = desired.fields;
  const unused =
    trunk !== undefined &&
    reveal(trunk) !== null &&
    routingType !== undefined &&
    reveal(routingType) !== "Trunk";
  if (!unused) return [];
  const at = desired.fieldSpans["trunk"];
  return [
    {
      severity: "warning",
      code: "trunk-unused",
      message: "a trunk is named, but only routingType Trunk sends its calls to this app",
      hint: "set routingType: Trunk, or remove the trunk",
      subject: nameResource(desired),
      ...(at === undefined ? {} : { at }),
    },
  ];
}

function health(live: LiveResource): Health {
  const { status } = live;
  const silent = status["invalidScript"] === true;
  const compiling = isAwaitingFirstVerdict(live);
  const reasons = [
    ...(silent ? [explainSilence(live, compiling)] : []),
    ...(!silent && status["compilationSucceeded"] === false
      ? [`the last script was refused, the one before still answers calls${because(status)}`]
      : []),
    ...(status["isRegistered"] === false ? ["not registered with the Call Flow service"] : []),
  ];
  const state = reasons.length === 0 ? "healthy" : compiling ? "compiling" : "unhealthy";
  return { state, reason: reasons.join("; "), runnable: !silent };
}

function explainSilence({ status, fields }: LiveResource, compiling: boolean): string {
  if (compiling)
    return "no script that runs yet, because the PBX has not judged the one it was given";
  // An empty text was never compiled, so what stands beside it is about something else.
  return `no script that runs${fields["scriptCode"] === "" ? "" : because(status)}`;
}

function because(status: LiveResource["status"]): string {
  const text = firstError(status["compilationResult"]);
  return text === undefined ? "" : ` (${text})`;
}
