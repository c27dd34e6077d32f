import type { SeedApp } from "../../../src/sandbox/state/seed.ts";
import { writeScript } from "../project/scripts.ts";

const ENDS = ["\n", "\r\n", "\r"];
const MARKS = ["", "\uFEFF", "\uFEFF\uFEFF"];
const EXTRAS = [
  "",
  "// Grüße 日本 🌙",
  "// ${secret:KEY} $${var:X}",
  '// $"{a}" ${b:F2}',
  "\t//  ",
  "\n\n",
];
const NAMES = [
  "no",
  "1e3",
  "a: b",
  "# x",
  "it's",
  'say "hi"',
  "- dash",
  "Ünïcödé 日本",
  "CON",
  "../../etc/passwd",
  "~",
  "afterhours",
  "AfterHours",
  "*star",
  "{curly}",
];
const DEPARTMENTS = ["SUPPORT", "SALES", "no", "a, b", "Büro #1"];

/** One of 60 apps, no two of a sort. */
function seedApp(index: number): SeedApp {
  const extra = EXTRAS[index % EXTRAS.length] ?? "";
  const text = `${writeScript(`App${index}`)}${extra}`.replaceAll("\n", ENDS[index % 3] ?? "\n");
  return {
    number: index % 20 === 19 ? `*${index}` : String(8000 + index),
    name: NAMES[index] ?? (index % 7 === 0 ? "same" : `app${index}`),
    routingType: (["DialCode", "Forward", "Trunk"] as const)[index % 3] ?? "Forward",
    ...(index % 3 === 2 ? { trunk: "10001" } : {}),
    ...(index % 10 === 9 ? {} : { scriptCode: (MARKS[index % 3] ?? "") + text }),
    groups: DEPARTMENTS.slice(0, index % 6).map((name, place) => ({
      name,
      role: place % 2 === 0 ? "users" : "managers",
    })),
  };
}

/** A PBX as years of work in the console leave it: 60 apps in every encoding, line end and odd name. */
export const LIVE = {
  departments: DEPARTMENTS.map((name) => ({ name })),
  trunks: [{ number: "10001", name: "provider" }],
  apps: Array.from({ length: 60 }, (_, index) => seedApp(index)),
};
