import { Document, isScalar, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { Json } from "../../domain/json.ts";
import type { Problem } from "../../domain/problem.ts";
import type { RenderedManifest, RenderedValue } from "../../domain/rendition.ts";
import { renderReportJson } from "../plan/json.ts";
import { escapeUnsafe, toPrintable, toPrintableLine } from "../printable.ts";

/** The manifests of a target, and what is to be said about them. */
export interface RenderedTarget {
  readonly target: string | undefined;
  readonly manifests: readonly RenderedManifest[];
  readonly problems: readonly Problem[];
}

/**
 * The manifests as YAML that can be read as manifests again, from a file in the project folder. Each value has a comment with
 * the place that it is from.
 */
export function renderManifestsYaml({ target, manifests }: RenderedTarget): string {
  const whose = target === undefined ? "" : ` on target ${target}`;
  const head = `# ${count(manifests.length)}${whose}. File names are relative to the project folder.\n`;
  return head + manifests.map(({ document }) => `---\n${writeDocument(document, target)}`).join("");
}

/** The manifests as JSON, with the place of each value under its JSON pointer. */
export function renderManifestsJson({ target, manifests, problems }: RenderedTarget): string {
  const items = manifests.map(({ document }) => ({
    manifest: toJson(document),
    origins: Object.fromEntries(listOrigins(document, "")),
  }));
  return renderReportJson("render", { target: target ?? null, manifests: items }, problems);
}

function count(manifests: number): string {
  return manifests === 1 ? "1 manifest" : `${manifests} manifests`;
}

function writeDocument(value: RenderedValue, target: string | undefined): string {
  const document = new Document(undefined, { customTags: [EMPTY_LIST, EMPTY_MAP] });
  document.contents = toNode(value, target);
  const text = document.toString({ lineWidth: 0, blockQuote: "literal", doubleQuotedAsJSON: true });
  return escapeUnsafe(text);
}

/** Empty lists and maps count as scalars, because a comment of a list or map cannot stand in its line. */
const EMPTY_LIST = standFor("[]");
const EMPTY_MAP = standFor("{}");

function standFor(text: string) {
  const value = Symbol(text);
  return {
    value,
    tag: `!${text}`,
    default: true,
    identify: (other: unknown) => other === value,
    resolve: () => value,
    stringify: () => text,
  };
}

type Node = Scalar | YAMLMap | YAMLSeq;

function toNode(value: RenderedValue, target: string | undefined): Node {
  const node = openNode(value, target);
  if (isScalar(node)) node.comment = ` ${describeOrigin(value, target)}`;
  return node;
}

function openNode({ content }: RenderedValue, target: string | undefined): Node {
  if (isMap(content)) {
    if (content.size === 0) return new Scalar(EMPTY_MAP.value);
    const map = new YAMLMap();
    for (const [key, item] of content) map.add({ key: toScalar(key), value: toNode(item, target) });
    return map;
  }
  if (isList(content)) {
    if (content.length === 0) return new Scalar(EMPTY_LIST.value);
    const list = new YAMLSeq();
    for (const item of content) list.add(toNode(item, target));
    return list;
  }
  return toScalar(content);
}

/** What is not fit to be shown is written between double quotes, where it has escapes. */
function toScalar(value: unknown): Scalar {
  const scalar = new Scalar(value);
  if (typeof value === "string" && toPrintable(value) !== value) scalar.type = "QUOTE_DOUBLE";
  return scalar;
}

function describeOrigin({ at, overlay, references }: RenderedValue, target: string | undefined) {
  const place = `${at.file}:${at.line}${overlay ? " (overlay)" : ""}`;
  const whose = target === undefined ? "" : ` of target ${target}`;
  const values = references.length === 0 ? "" : `, ${references.join(", ")}${whose}`;
  return toPrintableLine(place + values);
}

function toJson({ content }: RenderedValue): Json {
  if (isMap(content))
    return Object.fromEntries([...content].map(([key, item]) => [key, toJson(item)]));
  return isList(content) ? content.map(toJson) : content;
}

type Origin = Omit<RenderedValue, "content">;

function listOrigins(value: RenderedValue, pointer: string): [string, Origin][] {
  const { content, ...origin } = value;
  const inside = isMap(content) ? [...content] : isList(content) ? [...content.entries()] : [];
  if (inside.length === 0) return [[pointer, origin]];
  return inside.flatMap(([key, item]) =>
    listOrigins(item, `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}

function isMap(content: RenderedValue["content"]): content is ReadonlyMap<string, RenderedValue> {
  return content instanceof Map;
}

function isList(content: RenderedValue["content"]): content is readonly RenderedValue[] {
  return Array.isArray(content);
}
