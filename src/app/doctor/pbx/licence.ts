import type { Verdict } from "../../../domain/diagnosis.ts";
import type { Access } from "./access.ts";

const STATUS_PATH =
  "/xapi/v1/SystemStatus?$select=Id,Version,ProductCode,LicenseActive,ExpirationDate";

const DAY = 86_400_000;

const SOON = 14;

/** What the PBX says of its version, wherever it said so. */
export interface SystemFacts {
  readonly version: string | undefined;
}

/** The licence, where the role may see it. That the API answers at all shows that it suffices. */
export async function checkLicence(access: Access, now: number): Promise<Verdict<SystemFacts>> {
  const reading = await access.get(STATUS_PATH);
  const answer = reading.state === "answered" && reading.status === 200 ? reading.body : undefined;
  const status = typeof answer === "object" && answer !== null ? { ...answer } : undefined;
  if (status === undefined)
    return {
      state: "ok",
      found: ["the API answers, so the licence includes it; this role may not see more of it"],
      value: { version: undefined },
    };
  const value = { version: readText(status, "Version") };
  const product = readText(status, "ProductCode");
  const ends = Date.parse(readText(status, "ExpirationDate") ?? "");
  const warn = (found: string): Verdict<SystemFacts> => ({
    state: "warning",
    found: [found],
    advice: "see the licence in the admin console; without it the API stops answering",
    value,
  });
  if ("LicenseActive" in status && status.LicenseActive === false)
    return warn("the PBX says that its licence is not active");
  // A licence without an end has the first day of the calendar there.
  if (ends > 0 && ends < now) return warn(`the licence ended on ${tellDay(ends)}`);
  if (ends > 0 && ends - now < SOON * DAY) return warn(`the licence ends on ${tellDay(ends)}`);
  const until = ends > 0 ? `, until ${tellDay(ends)}` : "";
  return { state: "ok", found: [`licence ${product ?? "without a name"}${until}`], value };
}

function readText(from: object, name: string): string | undefined {
  const value: unknown = Object.entries(from).find(([key]) => key === name)?.[1];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function tellDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
