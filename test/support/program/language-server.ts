import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

export interface CompletionItem {
  readonly label: string;
  readonly insertText?: string;
  readonly documentation?: string | { readonly value: string };
}

/** An editor's side of the YAML language server, as far as tests need one. */
export interface LanguageServer {
  /** Opens a text as the file of that path, which need not exist, and waits for what the server finds in it. */
  open(file: string, text: string): Promise<readonly Diagnostic[]>;
  complete(file: string, at: Position): Promise<readonly CompletionItem[]>;
  /** The text a person sees who points at a place; empty where there is none. */
  hover(file: string, at: Position): Promise<string>;
  /** Hosts beyond this machine that the server has tried to reach. */
  readonly reached: readonly string[];
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** What an editor's defaults are; `catalog` is where the list of the world's schemas is, if it is to be asked at all. */
function makeSettings(catalog: string | undefined) {
  return {
    validate: true,
    hover: true,
    completion: true,
    schemaStore: catalog === undefined ? { enable: false } : { enable: true, url: catalog },
    kubernetesCRDStore: { enable: false },
  };
}

/** Has every connection beyond this machine tell its host on stderr and fail: a machine without a network. */
const UNPLUGGED = `import net from "node:net";
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [first] = args.flat();
  const host = first?.host ?? "";
  if (host === "127.0.0.1") return connect.apply(this, args);
  process.stderr.write(host + "\\n");
  queueMicrotask(() => this.destroy(new Error("there is no network")));
  return this;
};`;

/** Starts the server, without a network, for files below `root`. */
export async function startLanguageServer(root: string, catalog?: string): Promise<LanguageServer> {
  const yaml = makeSettings(catalog);
  const manifest = createRequire(import.meta.url).resolve("yaml-language-server/package.json");
  const unplugged = `data:text/javascript,${encodeURIComponent(UNPLUGGED)}`;
  const program = path.join(path.dirname(manifest), "bin/yaml-language-server");
  const child = spawn(process.execPath, ["--import", unplugged, program, "--stdio"]);
  const reached: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => reached.push(text.trim()));
  const answers = new Map<number, (message: Message) => void>();
  const findings = new Map<string, (found: readonly Diagnostic[]) => void>();
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`the server ended with ${code}: ${reached.join("")}`)),
    );
  });
  failed.catch(() => undefined);
  let ids = 0;

  const send = (message: object): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  };
  const ask = async (method: string, params: object): Promise<unknown> => {
    ids += 1;
    const id = ids;
    const answered = new Promise<Message>((resolve) => answers.set(id, resolve));
    send({ id, method, params });
    const { result, error } = await Promise.race([answered, failed]);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  const receive = (message: Message): void => {
    const { id, method, params } = message;
    if (method === undefined) answers.get(id ?? 0)?.(message);
    else if (method === "textDocument/publishDiagnostics") {
      const { uri, diagnostics } = params as { uri: string; diagnostics: Diagnostic[] };
      findings.get(uri)?.(diagnostics);
    } else if (id !== undefined) send({ id, result: answerServer(method, params, yaml) });
  };
  child.stdout.on("data", createReader(receive));

  await ask("initialize", {
    processId: process.pid,
    rootUri: toUri(root),
    workspaceFolders: [{ uri: toUri(root), name: "root" }],
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true },
      textDocument: {
        hover: { contentFormat: ["markdown"] },
        completion: { completionItem: { documentationFormat: ["markdown"] } },
      },
    },
  });
  send({ method: "initialized", params: {} });
  send({ method: "workspace/didChangeConfiguration", params: { settings: { yaml } } });

  return {
    reached,
    async open(file, text) {
      const uri = toUri(file);
      const found = new Promise<readonly Diagnostic[]>((resolve) => findings.set(uri, resolve));
      const textDocument = { uri, languageId: "yaml", version: 1, text };
      send({ method: "textDocument/didOpen", params: { textDocument } });
      return Promise.race([found, failed]);
    },
    async complete(file, position) {
      const place = { textDocument: { uri: toUri(file) }, position };
      const list = await ask("textDocument/completion", place);
      return (list as { items: CompletionItem[] }).items;
    },
    async hover(file, position) {
      const place = { textDocument: { uri: toUri(file) }, position };
      const shown = await ask("textDocument/hover", place);
      return (shown as { contents: { value: string } } | null)?.contents.value ?? "";
    },
    async close() {
      await ask("shutdown", {});
      const ended = new Promise((resolve) => {
        child.once("exit", resolve);
      });
      send({ method: "exit" });
      await ended;
    },
  };
}

/** What the server wants to know of an editor: its settings, section by section. */
function answerServer(method: string, params: unknown, yaml: object): unknown {
  if (method !== "workspace/configuration") return null;
  const { items } = params as { items: { section?: string }[] };
  return items.map(({ section }) => (section === "yaml" ? yaml : {}));
}

/** Takes a stream of framed messages apart. */
function createReader(receive: (message: Message) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf("\r\n\r\n");
      const length = Number(
        /Content-Length: (\d+)/i.exec(rest.toString("utf8", 0, Math.max(end, 0)))?.[1],
      );
      if (end < 0 || rest.length < end + 4 + length) return;
      const body = rest.subarray(end + 4, end + 4 + length);
      rest = rest.subarray(end + 4 + length);
      receive(JSON.parse(body.toString()) as Message);
    }
  };
}

function toUri(file: string): string {
  return pathToFileURL(file).href;
}
