import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { NetworkFault } from "./network.ts";
import { judgeDepth, judgeJsonSize } from "./json-size.ts";

/** What an answer says; `fault` where that cannot be read. */
export interface AnswerBody {
  readonly body?: unknown;
  readonly fault?: NetworkFault;
}

/** An answer as it came, as far as its body depends on it. */
export interface RawAnswer {
  readonly status: number;
  /** As in the header, in any case; undefined where it is sent as it is. */
  readonly encoding: string | undefined;
  /** Whether an answer with nothing in it is complete. */
  readonly mayBeEmpty: boolean;
}

/** We ask for no encoding, but a proxy may compress all the same. */
const DECODERS: Readonly<
  Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** The text of a body, decoded; at most `limit` bytes of it. A fault where it cannot be. */
export async function decodeBody(
  bytes: Uint8Array,
  encoding: string,
  limit: number,
): Promise<string | NetworkFault> {
  const decode = DECODERS[encoding];
  if (decode === undefined)
    return {
      text: `the answer is encoded as "${encoding}", which Callform does not read`,
      hint: "have the proxy in front of the PBX send answers as they are, or as gzip",
      permanent: true,
      sent: true,
    };
  try {
    return (await decode(bytes, { maxOutputLength: limit })).toString("utf8");
  } catch (error) {
    if (error instanceof RangeError)
      return { text: "the answer is too large", permanent: true, sent: true };
    return { text: `the answer is not whole ${encoding}`, permanent: false, sent: true };
  }
}

/** Whether an encoding says that the body is sent as it is. */
export function isPlain(encoding: string | undefined): encoding is undefined {
  return encoding === undefined || ["", "identity"].includes(encoding.trim().toLowerCase());
}

/** The body of an answer as JSON. That of a refusal may be anything. */
export function readBody(
  text: string,
  { status, mayBeEmpty }: Omit<RawAnswer, "encoding">,
): AnswerBody {
  const crowded = judgeJsonSize(text);
  const body = crowded === undefined ? parse(text) : undefined;
  const excess = crowded ?? judgeDepth(body);
  if (excess !== undefined)
    return {
      fault: { text: `the answer ${excess}, which no PBX sends`, permanent: true, sent: true },
    };
  if (body !== undefined || status < 200 || status >= 300 || status === 204) return { body };
  if (text === "" && mayBeEmpty) return {};
  return { fault: /^\s*<(!doctype|html)/i.test(text) ? WEB_PAGE : CUT_SHORT };
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const CUT_SHORT: NetworkFault = {
  text: "the answer is not complete JSON",
  hint: "a proxy in front of the PBX may have answered instead; check the URL",
  permanent: false,
  sent: true,
};

const WEB_PAGE: NetworkFault = {
  text: "a web page answered, not the API of a PBX",
  hint: "check the URL: it must be the address of the PBX itself, e.g. https://pbx.example.com:5001",
  permanent: true,
  sent: true,
};
