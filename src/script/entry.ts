import type { Node } from "web-tree-sitter";
import type { EntryFinding } from "./finding.ts";

/** The class every call-processing script derives from, with the script's own class as type argument. */
const SCRIPT_BASE = "ScriptBase";

/** Both are overridden by scripts in use on V20; the second gives back a Task<bool>. */
const ENTRY_NAMES: ReadonlySet<string> = new Set(["Start", "StartAsync"]);

/** What the rules need to know of one class declaration; a partial class has several. */
interface ClassDeclaration {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly bases: readonly string[];
  /** `hidden`: a Start that does not override the one of the base class, so the PBX never calls it. */
  readonly entry: "override" | "hidden" | "none";
}

/** A base type's last name, with `<>` behind it when it has type arguments: `CallFlow.ScriptBase<A>` gives `ScriptBase<>`. */
function nameType(type: Node): string | undefined {
  if (type.type === "identifier") return type.text;
  if (type.type === "generic_name") return `${type.firstNamedChild?.text ?? ""}<>`;
  const part = type.childForFieldName("name") ?? type.childForFieldName("type");
  return part === null ? undefined : nameType(part);
}

function isPresent<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/** The members of a class body, those under `#if` included. */
function listMembers(body: Node): Node[] {
  return body.namedChildren.flatMap((member) =>
    member.type.startsWith("preproc_") ? listMembers(member) : [member],
  );
}

function isEntry(member: Node): boolean {
  return (
    member.type === "method_declaration" &&
    ENTRY_NAMES.has(member.childForFieldName("name")?.text ?? "") &&
    member.childForFieldName("parameters")?.namedChildCount === 0 &&
    !member.namedChildren.some((child) => child.type === "explicit_interface_specifier")
  );
}

function isOverride(member: Node): boolean {
  return member.namedChildren.some(({ type, text }) => type === "modifier" && text === "override");
}

function findEntry(body: Node | null): ClassDeclaration["entry"] {
  const entries = body === null ? [] : listMembers(body).filter(isEntry);
  if (entries.length === 0) return "none";
  return entries.some(isOverride) ? "override" : "hidden";
}

function readClass(node: Node): ClassDeclaration | undefined {
  const name = node.childForFieldName("name");
  if (name === null) return undefined;
  const list = node.namedChildren.find((child) => child.type === "base_list");
  return {
    name: name.text,
    start: name.startIndex,
    end: name.endIndex,
    bases: list?.namedChildren.map(nameType).filter(isPresent) ?? [],
    entry: findEntry(node.childForFieldName("body")),
  };
}

/** The declarations that derive from ScriptBase<…>, directly or through other classes of the same text. */
function selectScripts(classes: readonly ClassDeclaration[]): ClassDeclaration[] {
  const byBase = new Map<string, ClassDeclaration[]>();
  for (const declaration of classes)
    for (const base of declaration.bases) {
      const name = base === `${SCRIPT_BASE}<>` ? base : base.replace("<>", "");
      const derived = byBase.get(name);
      if (derived === undefined) byBase.set(name, [declaration]);
      else derived.push(declaration);
    }
  const names = new Set<string>();
  const queue = [`${SCRIPT_BASE}<>`];
  for (let base = queue.pop(); base !== undefined; base = queue.pop())
    for (const { name } of byBase.get(base) ?? [])
      if (!names.has(name)) {
        names.add(name);
        queue.push(name);
      }
  // By name and not by declaration: the part of a partial class that has Start need not name the base.
  return classes.filter(({ name }) => names.has(name));
}

/**
 * Checks that the PBX can start the script: a class derives from ScriptBase<…> and overrides Start or StartAsync.
 * Gives the finding, or undefined when all is well. Offsets are those of the tree.
 */
export function checkEntry(root: Node): EntryFinding | undefined {
  const classes = root
    .descendantsOfType(["class_declaration", "record_declaration"])
    .map(readClass)
    .filter(isPresent);
  const [script, ...others] = selectScripts(classes);
  if (script === undefined) {
    const { start, end } = classes[0] ?? { start: 0, end: 0 };
    const name = classes[0]?.name ?? "Flow";
    return {
      code: "script-class-missing",
      message: `no class derives from ${SCRIPT_BASE}<…>, so the PBX finds nothing to run; declare one as "public class ${name} : ${SCRIPT_BASE}<${name}>"`,
      start,
      end,
    };
  }
  const entries = new Set([script, ...others].map(({ entry }) => entry));
  if (entries.has("override")) return undefined;
  const { name, start, end } = script;
  return {
    code: "script-start-missing",
    message: entries.has("hidden")
      ? `class '${name}' has a Start() without "override", which is not the one the PBX calls; declare it as "public override void Start()"`
      : `class '${name}' has no "public override void Start()", which is where the PBX begins the call`,
    start,
    end,
  };
}
