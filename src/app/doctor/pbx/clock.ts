import type { Verdict } from "../../../domain/diagnosis.ts";
import type { HttpAnswer } from "../../../xapi/probe/http.ts";

/** Seconds between two clocks that nobody minds, and from which certificates and tokens are misjudged. */
const NOTED_SKEW = 60;

const HARMFUL_SKEW = 300;

/** The PBX's clock against ours, by the date that an answer carries. */
export function checkClock(answer: HttpAnswer): Verdict<undefined> {
  const date = Date.parse(answer.headers["date"] ?? "");
  if (Number.isNaN(date))
    return {
      state: "warning",
      found: ["the answers carry no date, so the clock of the PBX cannot be compared"],
      advice: "compare it by hand: office hours, certificates and tokens go by it",
      value: undefined,
    };
  // A date in a header has whole seconds, cut off, and was written somewhere between question and answer.
  const skew = (date + 500 - (answer.sentAt + answer.answeredAt) / 2) / 1000;
  const seconds = Math.round(Math.abs(skew));
  if (seconds <= NOTED_SKEW)
    return {
      state: "ok",
      found: ["the clocks of the PBX and this machine agree"],
      value: undefined,
    };
  const found = [
    `the clock of the PBX is ${tellSpan(seconds)} ${skew > 0 ? "ahead of" : "behind"} this machine's`,
  ];
  const advice =
    "see which of the two is wrong, and let both take the time from the network (NTP): office hours, certificates and tokens go by it";
  if (seconds > HARMFUL_SKEW) return { state: "failed", found, advice };
  return { state: "warning", found, advice, value: undefined };
}

/** `90 seconds`, `12 minutes`, `3 hours` */
function tellSpan(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 3600)} hours`;
}
