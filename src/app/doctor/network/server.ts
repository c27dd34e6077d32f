import type { Verdict } from "../../../domain/diagnosis.ts";
import type { HttpAnswer, HttpProbe, HttpReading } from "../../../xapi/probe/http.ts";
import type { Patience } from "../../../xapi/probe/name.ts";
import { probeTls } from "../../../xapi/probe/tls.ts";
import { advisePort, adviseScheme } from "./advise-port.ts";
import { judgeAnswer } from "./answer.ts";
import { tellTime } from "./tell-time.ts";
import type { Place } from "./url.ts";

/** The one request of the API that 3CX documents as a trial: its answer also names the version. */
export const TRIAL_PATH = "/xapi/v1/Defs?$select=Id";

/** Asks without a token, which a 3CX refuses in a way of its own. */
export async function checkServer(
  probe: HttpProbe,
  place: Place,
  patience: Patience,
): Promise<Verdict<HttpAnswer>> {
  const reading = await probe.ask({ method: "GET", path: TRIAL_PATH });
  const garbled = reading.state === "fault" || isTlsComplaint(reading);
  if (!place.secure && garbled && (await speaksTls(place, patience)))
    return {
      state: "failed",
      found: [`${place.host}:${place.port} speaks TLS, and the URL says http`],
      advice: place.port === 443 ? advisePort(place.host, 443) : adviseScheme(place),
    };
  if (reading.state !== "answered") return judgeSilence(reading, place, patience);
  return judgeAnswer(reading);
}

async function speaksTls({ host, port }: Place, patience: Patience): Promise<boolean> {
  const { state } = await probeTls({ host, port, ...patience, now: 0 });
  return state === "spoken";
}

/** nginx, Go and others answer http on their TLS port with a 400 that says so. */
function isTlsComplaint(reading: HttpReading): boolean {
  return (
    reading.state === "answered" &&
    reading.status === 400 &&
    /to (an )?HTTPS (port|server)/i.test(reading.text)
  );
}

/** What is to be said of a request that brought no answer. */
export function judgeSilence(
  reading: Exclude<HttpReading, HttpAnswer>,
  { host, port }: Place,
  patience: Patience,
): Extract<Verdict<never>, { readonly state: "failed" }> {
  if (reading.state === "silent")
    return {
      state: "failed",
      found: [`${host}:${port} took the request and did not answer within ${tellTime(patience)}`],
      advice: "see whether the PBX is overloaded or restarting; --timeout gives it longer",
    };
  const { text, hint } = reading.fault;
  return {
    state: "failed",
    found: [text],
    advice: hint ?? "see whether the PBX is restarting, and what stands between here and it",
  };
}
