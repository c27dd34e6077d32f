/** What Callform itself signs in with, and what the program that runs it does: never a value of anything that others write. */
const OWN =
  /^(?:CALLFORM_(?:CLIENT_ID|CLIENT_SECRET|DIGEST_KEY)|G(?:H|ITHUB)(?:_ENTERPRISE)?_TOKEN|ACTIONS_\w+|INPUT_\w+|CI_(?:JOB|DEPLOY|BUILD|REGISTRY)_(?:TOKEN|JWT\w*|PASSWORD)|SYSTEM_ACCESSTOKEN|BITBUCKET_\w*TOKEN)$/;

/** The key of a target that takes each of the program's own variables, beside the programs that read it themselves. */
const HOMES: Readonly<Record<string, string>> = {
  CALLFORM_CLIENT_ID: "clientId",
  CALLFORM_CLIENT_SECRET: "clientSecret",
};

/** Words of a name that say what is in a variable, wherever they stand in it. */
const TELLING =
  /^(?:SECRETS?|\w*SECRET|TOKENS?|\w*TOKEN|\w*PASSW(?:OR)?DS?|PASSPHRASE|PASSCODE|\w*CREDENTIALS?|PINS?|JWT|APIKEYS?)\d*$/;
/** The same for its last word; a plain `PWD` is the working folder. */
const TELLING_LAST = /^(?:KEYS?|PWD|AUTH)\d*$/;
/** A last word that says that it is something about a credential. */
const ABOUT = new Set(["ID", "URL", "URI", "NAME", "PATH", "FILE", "DIR", "TTL", "HOST", "PORT"]);
const MAX_NAME = 256;

/** Tokens of well-known services, private keys, and addresses with a password in them. */
const SHAPES =
  /^(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|sk[-_](?:live|test|proj|ant)|npm_|pypi-|AKIA[A-Z0-9]{12}|ASIA[A-Z0-9]{12}|AIza|SG\.|ey[A-Za-z0-9_-]{8,}\.ey)|-----BEGIN [A-Z ]{0,40}PRIVATE KEY|:\/\/[^/\s:@]{0,200}:[^/\s@]{1,200}@/;

/** True for a variable of the program's own, or of the CI system that runs it. */
export function isOwnCredential(name: string): boolean {
  return OWN.test(name);
}

/** True where a key of a target is what the program's own variable is for. */
export function isHome(name: string, key: string | undefined): boolean {
  return HOMES[name] === key && key !== undefined;
}

/** True for a variable that by its name, or by what it holds, is a credential; the value may not be known. */
export function isCredential(name: string, value: string | undefined): boolean {
  return isTelling(name) || (value !== undefined && (SHAPES.test(value) || isRandom(value)));
}

function isTelling(name: string): boolean {
  if (name.length > MAX_NAME) return true;
  const words = name.split("_").filter((word) => !/^\d*$/.test(word));
  const last = words.at(-1) ?? "";
  if (ABOUT.has(last)) return false;
  return words.some((word) => TELLING.test(word)) || (words.length > 1 && TELLING_LAST.test(last));
}

const MIN_RANDOM = 32;

/** One long word of letters of both cases and digits, as generators make them. */
function isRandom(value: string): boolean {
  const parts = [/^[A-Za-z0-9+][A-Za-z0-9+/_=-]*$/, /[a-z]/, /[A-Z]/, /\d\D*\d/];
  return value.length >= MIN_RANDOM && parts.every((part) => part.test(value));
}
