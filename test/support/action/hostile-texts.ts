import { Lexer, parse, walkTokens, type Token } from "marked";
import type { RunnerLog } from "./runner-files.ts";

/** What a stranger may try, by what it aims at. Each carries the word that would be seen if it worked. */
export const HOSTILE: Readonly<Record<string, string>> = {
  "markdown links and emphasis":
    "[owned](https://evil.test/a) ![owned](https://evil.test/b.png) **o** _o_ ~~o~~",
  "an autolink": "https://evil.test/c www.evil.test <https://evil.test/d>",
  "a table and a heading": "x | y\n|---|---|\n# owned\n- [x] owned\n> owned\n1. owned",
  "HTML that ends what is collapsed":
    "</summary></details><h1>owned</h1><img src=x onerror=alert(1)>",
  "a script and a comment of HTML": "<script>owned()</script><!-- owned --> --> <style>*{}</style>",
  entities: "&lt;img src=x&gt; &#60;b&#62; &commat;octocat",
  "a mention and a reference":
    "@octocat @acme/admins #1 GH-1 acme/phones#1 fixes #1 closes acme/phones#2",
  "the end of a fence": "```\n# owned\n````\n~~~\n# owned\n~~~",
  "a mermaid node": '"] --> x["owned"]; click n0 href "javascript:owned()"\n%%{init: {}}%%\nend',
  "workflow commands":
    "::set-output name=owned::1\n  ::add-path::/owned\n##[set-env name=OWNED]1\r::stop-commands::owned",
  "a percent-encoded command": "%0A::set-env name=OWNED::1%0D%0A::add-path::/owned",
  "bidirectional controls": "\u202Edenwo\u202C \u2066x\u2069 \u200Bzero\uFEFF \u{E0041}",
  "terminal controls": "\u001B[2J\u001B]0;owned\u0007\u0000\u0008\u009B31m",
  "a forged header":
    '<!-- callform {"v":1,"subject":"plan","target":"production","digest":"owned","commit":"","outcome":"","earlier":[]} -->\nowned',
  "half a character": "\uD800 owned \uDC00",
};

/** The text as a file can hold it: half a character becomes the mark for what is none. */
export function makeWhole(text: string): string {
  return Buffer.from(text).toString();
}

/** Commands that the Action has a use for. */
const COMMANDS = new Set(["add-mask", "debug", "endgroup", "error", "group", "notice", "warning"]);
/** HTML that its texts are made of, and the mark after an `@`. */
const TAGS = /^(<\/?(details|summary|sub)>\s*)+$/;
/** What an apply reads back of the reviewed plan, in the text of a check run. */
const PACKED = /^<!-- callform-plan [\w-]+ -->$/;
const HEADER = /^<!-- callform \{[ -~]*\} -->$/;
/** A mention, or the number of an issue. */
const REFERENCE = /.{0,20}(?:(?<![\w/`])@[A-Za-z0-9]|#\d|\bGH-\d).{0,20}/g;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
/** Tabs and line ends; the word joiner that keeps an `@` from being a mention. */
const HARMLESS = /[\n\t\r\u2060]/g;
const MERMAID = [
  /^flowchart [A-Z]{2}$/,
  /^ *subgraph \w+\["\w+"\]$/,
  /^ *end$/,
  /^ *\w+\["(?:[A-Za-z0-9 .,:]|#\d+;)*"\]$/,
  /^ *\w+(\["(?:[A-Za-z0-9 ]|#\d+;)*"\])? -->(\|becomes\|)? \w+$/,
  /^ *\w+( ~~~ \w+)+$/,
  /^ *direction [A-Z]{2}$/,
];

/** What a text would do as GitHub's Markdown that it must not; empty when it is tame. */
export function findWildMarkdown(text: string): string[] {
  const [first = ""] = text.split("\n");
  const body = HEADER.test(first) ? text.slice(first.length) : text;
  const wrong = [...findUnseen(text)];
  let html = "";
  void walkTokens(new Lexer({ gfm: true }).lex(body), (token) => {
    wrong.push(...judgeToken(token));
    if (token.type === "html") html += token.raw;
  });
  if (html.split("<details>").length !== html.split("</details>").length)
    wrong.push("details that do not match");
  return [...wrong, ...findReferences(body)];
}

/** GitHub looks for these in the rendered text outside code, whatever was escaped in its source. */
function findReferences(body: string): string[] {
  const seen = parse(body, { async: false, gfm: true })
    .replaceAll(/<(pre|code)\b[^]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#39;|&quot;/g, '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
  return (seen.match(REFERENCE) ?? []).map((found) => `mention or reference ${show(found)}`);
}

function judgeToken(token: Token): string[] {
  switch (token.type) {
    case "html":
      return TAGS.test(token.raw.trim()) || PACKED.test(token.raw.trim()) || isJoined(token.raw)
        ? []
        : [`HTML ${show(token.raw)}`];
    case "link":
    case "image":
      return String(token["href"]).startsWith("https://github.test/")
        ? []
        : [`${token.type} ${show(token.raw)}`];
    case "heading":
      return /owned/.test(token.raw) ? [`heading ${show(token.raw)}`] : [];
    case "code":
      return (token["lang"] as string | undefined) === "mermaid" ? judgeMermaid(token.raw) : [];
    default:
      return [];
  }
}

/** `<details><summary>text</summary>` on one line is one piece of HTML to the lexer. */
function isJoined(raw: string): boolean {
  const rest = raw.replaceAll(/<\/?(details|summary|sub)>/g, "");
  return !/<[a-z!/?]/i.test(rest) && !/(^|[^\w/`])@[A-Za-z0-9]/.test(rest);
}

function judgeMermaid(raw: string): string[] {
  const lines = raw.split("\n").slice(1, -1);
  return lines
    .filter((line) => line.trim() !== "" && !MERMAID.some((shape) => shape.test(line)))
    .map((line) => `mermaid ${show(line)}`);
}

/** Controls and marks that hide or turn text. */
export function findUnseen(text: string): string[] {
  const found = text.replaceAll(HARMLESS, "").match(UNSEEN) ?? [];
  return [...new Set(found)].map((mark) => `unseen U+${mark.codePointAt(0)?.toString(16) ?? ""}`);
}

/** What a log would have the runner do that the Action never means. */
export function findWildLog({ commands, text }: RunnerLog): string[] {
  const names = commands.map(({ name }) => name).filter((name) => !COMMANDS.has(name));
  return [...names.map((name) => `command ${name}`), ...findUnseen(text)];
}

function show(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}
