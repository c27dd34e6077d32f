import { PLAIN_PORT, SECURE_PORT } from "../../settings/address.ts";
import type { Place } from "./url.ts";

/** `port 5001 of the same host answers: use https://pbx.example.com:5001` */
export function advisePort(host: string, port: number): string {
  const shown = port === 443 ? "" : `:${port}`;
  return `port ${port} of the same host takes connections: try https://${host}${shown}`;
}

/** What to do about a web server that speaks the other of http and https. */
export function adviseScheme({ host, port, secure }: Place): string {
  if (secure && String(port) === PLAIN_PORT)
    return `${PLAIN_PORT} is the plain http port of a 3CX; its https port is ${SECURE_PORT}: use https://${host}:${SECURE_PORT}`;
  if (secure) return `check the port; a 3CX serves https on ${SECURE_PORT} or 443`;
  return `write https: https://${host}:${port}`;
}
