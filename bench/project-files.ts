import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Seed } from "../src/sandbox/state/seed.ts";

export interface BenchProject {
  readonly root: string;
  /** The PBX as an apply of this project leaves it. */
  readonly seed: Seed;
  /** The number and the script of an app, to change it. */
  app(index: number): { readonly number: string; readonly file: string; readonly script: string };
  remove(): void;
}

export interface ProjectShape {
  readonly apps: number;
  /** Characters of each script. */
  readonly script: number;
  /** Scripts in all, shared by the apps; as many as apps without it, and with 0 the manifests name none. */
  readonly scripts?: number;
  /** Milliseconds a compilation takes. */
  readonly compile?: number;
}

/** A folder with a manifest for every app and its script beside it. */
export function makeProject({
  apps,
  script,
  scripts = apps,
  compile = 0,
}: ProjectShape): BenchProject {
  const root = mkdtempSync(path.join(tmpdir(), "callform-bench-project-"));
  mkdirSync(path.join(root, "apps"));
  const texts = Array.from({ length: scripts }, (_, index) => writeScript(index, script));
  for (const [index, text] of texts.entries())
    writeFileSync(path.join(root, "apps", `script-${index}.cs`), text);
  const numbers = Array.from({ length: apps }, (_, index) => String(10_000 + index));
  for (const [index, number] of numbers.entries())
    writeFileSync(
      path.join(root, "apps", `app-${number}.yaml`),
      writeManifest(number, index, scripts === 0 ? undefined : index % scripts),
    );
  const textOf = (index: number): string => texts[index % Math.max(1, scripts)] ?? "";
  return {
    root,
    seed: {
      departments: [{ name: "SUPPORT" }],
      compile: { delay: compile },
      apps: numbers.map((number, index) => ({
        number,
        name: `app${index}`,
        routingType: "Forward",
        transcriptionMode: "Inherit",
        groups: [{ name: "DEFAULT", role: "users" }],
        scriptCode: textOf(index),
      })),
    },
    app: (index) => ({
      number: numbers[index] ?? "",
      file: path.join(root, "apps", `script-${index % scripts}.cs`),
      script: textOf(index),
    }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function writeManifest(number: string, index: number, script: number | undefined): string {
  return `apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: "${number}"
  labels: { team: support }
spec:
  name: app${index}
  routingType: Forward
  transcriptionMode: Inherit
${script === undefined ? "" : `  scriptFile: script-${script}.cs\n`}  groups: [{ name: DEFAULT, role: users }]
`;
}

/** A script that compiles, of about so many characters. */
function writeScript(index: number, characters: number): string {
  const methods: string[] = [];
  for (let size = 500, n = 0; size < characters; n += 1) {
    const method = `        private static string Choose${n}(string caller)
        {
            if (string.IsNullOrEmpty(caller)) return "80${index % 10}";
            return caller.StartsWith("00${n}") ? "81${n % 10}" : "82${index % 7}";
        }
`;
    methods.push(method);
    size += method.length;
  }
  return `using CallFlow;
using System;
using System.Threading.Tasks;

namespace dummy
{
    public class Bench${index} : ScriptBase<Bench${index}>
    {
${methods.join("\n")}
        public override async void Start()
        {
            await MyCall.AssureMedia();
            MyCall.Return(true);
        }
    }
}
`;
}
