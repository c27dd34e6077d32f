import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TlsIdentity } from "./server.ts";

export interface Certificates {
  /** PEM of the authority that signed all the others. */
  readonly authority: string;
  readonly good: TlsIdentity;
  readonly expired: TlsIdentity;
  /** For another host. */
  readonly misnamed: TlsIdentity;
  readonly selfSigned: TlsIdentity;
}

const OPENSSL = "openssl";

/** True where certificates can be made. */
export const hasOpenssl = spawnSync(OPENSSL, ["version"]).status === 0;

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A made-up authority and what it signed, made anew for each run. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(path.join(tmpdir(), "callform-tls-"));
  const read = (name: string): string => readFileSync(path.join(folder, name), "utf8");
  const openssl = (command: string, ...more: readonly string[]): void => {
    execFileSync(OPENSSL, [...command.split(" "), ...more], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
  };
  const signOneself = (name: string, subject: string, ...more: readonly string[]): void =>
    openssl(
      `req -x509 -days 2 -keyout ${name}.key -out ${name}.pem`,
      ...NEW_KEY,
      "-subj",
      `/CN=${subject}`,
      ...more,
    );
  const sign = (name: string, host: string, days: string): TlsIdentity => {
    writeFileSync(path.join(folder, `${name}.ext`), `subjectAltName=DNS:${host}\n`);
    openssl(`req -keyout ${name}.key -out ${name}.csr -subj /CN=${host}`, ...NEW_KEY);
    const into = `-extfile ${name}.ext -out ${name}.pem`;
    openssl(
      `x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days ${days} ${into}`,
    );
    return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
  };
  try {
    signOneself("ca", "A made-up authority");
    signOneself("alone", "localhost", "-addext", "subjectAltName=DNS:localhost");
    return {
      authority: read("ca.pem"),
      good: sign("good", "localhost", "2"),
      expired: sign("expired", "localhost", "-1"),
      misnamed: sign("misnamed", "pbx.example.com", "2"),
      selfSigned: { key: read("alone.key"), cert: read("alone.pem") },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
