import { X509Certificate } from "node:crypto";
import type { Verdict } from "../../../domain/diagnosis.ts";
import { readPlainFile } from "../../../store/read-file.ts";
import { MAX_AUTHORITY_MEBIBYTES } from "../../settings/resolve.ts";

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The further authority, as PEM: undefined where none was given. */
export async function checkAuthority(
  file: string | undefined,
  now: number,
): Promise<Verdict<string | undefined>> {
  if (file === undefined)
    return {
      state: "ok",
      found: ["no file of a further authority; public ones are trusted"],
      value: undefined,
    };
  const reading = await readPlainFile(file, MAX_AUTHORITY_MEBIBYTES);
  if ("reason" in reading)
    return {
      state: "failed",
      found: [`cannot read ${file}: ${reading.reason}`],
      advice: "correct --ca-file, or caFile of the target, which is relative to callform.yaml",
    };
  const { text } = reading;
  const certificates = (text.match(BLOCK) ?? []).map(readPem);
  if (certificates.length === 0)
    return {
      state: "failed",
      found: [`${file} holds no certificate`],
      advice: "it must be PEM: a text with -----BEGIN CERTIFICATE-----",
    };
  const readable = certificates.filter((one) => one !== undefined);
  if (readable.length < certificates.length)
    return {
      state: "failed",
      found: [`${file} holds a certificate that cannot be read`],
      advice: "export it again as PEM; copying may have cut it short",
    };
  const ended = readable.filter(({ validTo }) => Date.parse(validTo) < now);
  const found = readable.map((one) => `${file}: ${tellSubject(one)} until ${one.validTo}`);
  if (ended.length === 0) return { state: "ok", found, value: text };
  return {
    state: "warning",
    found: [`${file} holds ${ended.length} that ended: ${ended.map(tellSubject).join(", ")}`],
    advice: "ask whoever runs the authority for its present certificate",
    value: text,
  };
}

function readPem(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** `CN=Office CA` on one line. */
function tellSubject({ subject }: X509Certificate): string {
  return subject.replaceAll("\n", ", ");
}
