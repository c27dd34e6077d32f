import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface BenchIdentity {
  readonly key: string;
  readonly cert: string;
  /** Where the certificate is, for whoever must trust it. */
  readonly file: string;
}

/** A certificate for localhost, made anew. Needs openssl. */
export function makeTls(): BenchIdentity {
  const folder = mkdtempSync(path.join(tmpdir(), "callform-bench-tls-"));
  const command =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout key.pem -out cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost";
  execFileSync("openssl", command.split(" "), { cwd: folder, stdio: "ignore" });
  const file = path.join(folder, "cert.pem");
  return {
    key: readFileSync(path.join(folder, "key.pem"), "utf8"),
    cert: readFileSync(file, "utf8"),
    file,
  };
}
