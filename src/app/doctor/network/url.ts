import type { Verdict } from "../../../domain/diagnosis.ts";
import { readAddress, type AddressReading } from "../../settings/address.ts";
import type { Given } from "../machine/choices.ts";

/** Where the PBX is, as far as the URL says. */
export type Place = Exclude<AddressReading, { readonly problem: unknown }>;

export function checkUrl(url: Given<string> | undefined, insecure: boolean): Verdict<Place> {
  if (url === undefined)
    return {
      state: "failed",
      found: ["no URL of the PBX"],
      advice:
        "give --url, CALLFORM_URL, or url of the target, such as https://pbx.example.com:5001",
    };
  const value = readAddress(url.value, insecure);
  if ("problem" in value) {
    const { message, hint } = value.problem;
    return { state: "failed", found: [`${message} (from ${url.from})`], advice: hint ?? "" };
  }
  const found = [`${value.origin} from ${url.from}`];
  if (value.shortened) found.push("of what was typed, only this much counts");
  return { state: "ok", found, value };
}
