import type { lintSource } from "@secretlint/core";

type Rules = Parameters<typeof lintSource>[0]["options"]["config"]["rules"];
type Rule = Extract<
  Rules[number]["rule"],
  { readonly meta: { readonly type: "scanner" | "filter" } }
>;

const WORD = String.raw`(?:passw(?:or)?d|passphrase|pwd|secret|token|credential|jwt|(?:api|access|auth)[_-]?key)`;

/** The value is the group `value`. Every repetition has a bound, so that no text takes more than linear time. */
const SHAPES = {
  // `apiKey = "…"`, `map["api_key"] = "…"`, `Add("X-Api-Key", "…")`, `token: "…"`, `Password => "…"`
  NAMED: new RegExp(
    String.raw`(?<![\w-])[\w-]{0,60}?${WORD}[\w-]{0,60}"?\s{0,20}\]?\s{0,20}(?:=>?|[:,])\s{0,20}[$@]{0,2}"(?<value>[^"\s\\]{6,500})"`,
    "dgi",
  ),
  // `"Bearer …"`, and `AuthenticationHeaderValue("Basic", "…")`
  HEADER: /"(?:Basic|Bearer)(?:\s|"\s{0,20},\s{0,20}")(?<value>[\w+/.~-]{16,4000}={0,2})"/dgi,
  // `Server=db;Password=…;`, `https://example.com/?api_key=…`
  PARAMETER: new RegExp(String.raw`[;?&"][\w-]{0,60}?${WORD}=(?<value>[^;&"\s\\]{6,500})`, "dgi"),
} as const satisfies Readonly<Record<string, RegExp>>;

const MESSAGES = {
  NAMED: { en: () => "found named as one" },
  HEADER: { en: () => "found authorization header" },
  PARAMETER: { en: () => "found parameter named as one" },
} as const satisfies Readonly<Record<keyof typeof SHAPES, { readonly en: () => string }>>;

const IDS = ["NAMED", "HEADER", "PARAMETER"] as const satisfies readonly (keyof typeof SHAPES)[];

/**
 * Finds values that a script itself calls a credential. The preset knows the tokens of services by their shape; a
 * password has none, and is what stands in call flows most.
 */
export const credentialRule: Rule = {
  messages: MESSAGES,
  meta: {
    id: "callform/credential",
    type: "scanner",
    recommended: true,
    supportedContentTypes: ["text"],
  },
  create(context) {
    const translate = context.createTranslator(MESSAGES);
    return {
      file({ content }) {
        for (const id of IDS)
          for (const { groups, indices } of content.matchAll(SHAPES[id])) {
            const range = indices?.groups?.["value"];
            if (range !== undefined && isPlausible(groups?.["value"] ?? ""))
              context.report({ message: translate(id), range });
          }
      },
    };
  },
};

/** A name, an address, a sound file and a text with holes are no credentials; nor is a word without any digit or sign. */
function isPlausible(value: string): boolean {
  const sounds = /\.(?:wav|mp3|ogg)$/i.test(value);
  const holes = /\{[^{}]*\}/.test(value);
  const address = /^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(value);
  return !sounds && !holes && !address && /[0-9!#%^&*+=?]/.test(value);
}
