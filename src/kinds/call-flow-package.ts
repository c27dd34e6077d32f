import type { ArchiveChoice, ArchiveKey, ArchiveRule } from "../domain/ports.ts";

const MANIFEST = "manifest.xml";
// Named after the flow in the designer, which calls a new one Main; ProjectCompiler joins everything into this one file.
const SCRIPT = /^Sources\/[^/]+\.cs$/;
const ROOT = /^\s*(?:<\?xml[^>]*\?>\s*)?<cfd_app_package>(.*)<\/cfd_app_package>\s*$/s;
const ELEMENT = /\s*<(\w+)(?:\s*\/>|>([^<]*)<\/\1>)\s*/y;
const NUMBER = /^(?=.{1,20}$)#?[0-9A-Za-z*]+$/;

/**
 * The zip that Call Flow Designer's Build writes for the admin console to take. Layout after its own ProjectCompiler
 * (`CreateManifest`, `CreateBuildSourcesOutputFolder`), and packages of V20 that their authors published
 * (stefanpflug/3CX-Schnippsel, CFD/RELEASE): `manifest.xml`, `Sources/Main.cs` and `Audio/*.wav`, no folder around them.
 */
export const callFlowPackage: ArchiveRule = {
  noun: "Call Flow Designer package",
  ending: ".zip",
  choose,
  readKey,
};

function choose(names: readonly string[]): ArchiveChoice {
  const [script, ...more] = names.filter((name) => SCRIPT.test(name));
  const missing = [
    ...(names.includes(MANIFEST) ? [] : [MANIFEST]),
    ...(script === undefined ? ["Sources/Main.cs"] : []),
  ];
  if (missing.length > 0 || script === undefined)
    return { fault: `has no ${missing.join(", no ")}` };
  if (more.length > 0) return { fault: `has ${more.length + 1} scripts in Sources instead of one` };
  return { text: script, description: MANIFEST };
}

/** Strict, because what another tool may have written there is not known. */
function readKey(description: string): ArchiveKey {
  const elements = readElements(ROOT.exec(description)?.[1]);
  if (elements === undefined) return { fault: "is not a <cfd_app_package> of plain elements" };
  const [extension, ...more] = elements.filter(({ name }) => name === "extension");
  if (extension === undefined) return { fault: "has no <extension>" };
  if (more.length > 0) return { fault: "has more than one <extension>" };
  const key = extension.text.trim();
  // The designer asks for the extension at every build, and takes none for an answer (ProjectExtensionForm).
  if (key === "") return { key: undefined };
  return NUMBER.test(key) ? { key } : { fault: "has an <extension> that is no extension number" };
}

interface Element {
  readonly name: string;
  readonly text: string;
}

/** The elements that stand one after another in `inside`; undefined when there is anything else. */
function readElements(inside: string | undefined): readonly Element[] | undefined {
  if (inside === undefined) return undefined;
  const elements: Element[] = [];
  for (let at = 0; at < inside.length; at = ELEMENT.lastIndex) {
    ELEMENT.lastIndex = at;
    const [, name = "", text = ""] = ELEMENT.exec(inside) ?? [];
    if (name === "") return undefined;
    elements.push({ name, text });
  }
  return elements;
}
