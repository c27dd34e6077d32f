/** What each folder of src may import besides itself: other folders, packages, and Node's modules. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  domain: ["fast-json-patch", "diff", "fastest-levenshtein", "node:crypto"],
  kinds: ["domain"],
  engine: ["domain", "p-limit", "fastest-levenshtein"],
  render: ["domain", "yaml"],
  script: ["domain", "web-tree-sitter", "node:fs/promises", "node:module", "node:url"],
  manifest: [
    "domain",
    "yaml",
    "tinyglobby",
    "fastest-levenshtein",
    "node:crypto",
    "node:fs",
    "node:fs/promises",
    "node:os",
    "node:path",
    "node:zlib",
  ],
  git: ["domain", "node:child_process", "node:crypto", "node:fs/promises", "node:os", "node:path"],
  xapi: [
    "domain",
    "undici",
    "p-limit",
    "node:dns/promises",
    "node:net",
    "node:tls",
    "node:util",
    "node:zlib",
  ],
  store: [
    "domain",
    "node:crypto",
    "node:fs",
    "node:fs/promises",
    "node:path",
    "node:timers/promises",
  ],
  sandbox: ["script"],
  app: [
    "domain",
    "kinds",
    "script",
    "manifest",
    "git",
    "xapi",
    "engine",
    "store",
    "p-limit",
    "@secretlint/core",
    "@secretlint/secretlint-rule-preset-recommend",
  ],
  cli: ["app", "domain", "render", "sandbox", "commander"],
  action: ["app", "domain", "render", "@actions/core", "octokit"],
};

/** Packages and Node's modules that a layer may use as it likes. */
export const FREE_OF_EFFECTS = ["domain", "kinds", "engine", "render"];

/** Layers at the edge, which may import any of Node's own modules. */
export const EDGES = ["sandbox", "app", "cli", "action"];

/** Packages of the sandbox, which stands apart. */
export const SANDBOX_PACKAGES = ["hono", "@hono/node-server", "yaml"];

/** Files directly in src. */
export const ROOT_FILES = ["index.ts"];
