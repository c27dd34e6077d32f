const VERDICT = /^(?:fatal|error): /;

/**
 * What git's stderr comes down to, in one line: its last verdict, or else its last line. Credentials that a URL
 * carries are taken out, as are control characters, which a remote may have sent.
 */
export function readComplaint(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.replaceAll(/\p{Cc}/gu, "").trim())
    .filter((line) => line !== "");
  const line = lines.findLast((candidate) => VERDICT.test(candidate)) ?? lines.at(-1);
  const said = (line ?? "it gave no reason").replace(VERDICT, "");
  return said.replaceAll(/(?<=:\/\/)[^\s/]+@/g, "");
}
