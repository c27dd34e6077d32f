/** Set by git for its hooks and wrong for the repository that a folder lies in; or giving paths another meaning. */
const NOT_OURS = new Set([
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_DIR",
  "GIT_GLOB_PATHSPECS",
  "GIT_GRAFT_FILE",
  "GIT_ICASE_PATHSPECS",
  "GIT_INDEX_FILE",
  "GIT_LITERAL_PATHSPECS",
  "GIT_NAMESPACE",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
]);

const FIXED = {
  // Refreshing the index for `status` would write it.
  GIT_OPTIONAL_LOCKS: "0",
  // Nobody is there to answer; Git Credential Manager has a window of its own to ask with.
  GIT_TERMINAL_PROMPT: "0",
  GCM_INTERACTIVE: "never",
  // What git says is read here.
  LC_ALL: "C",
  LANGUAGE: "",
};

/** What git is started with: the user's environment (proxies, ssh agent, credentials), made fit to run unseen. */
export function prepareEnvironment(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(variables).filter(([name]) => !NOT_OURS.has(name));
  return { ...Object.fromEntries(kept), ...FIXED };
}

/** Settings of one run, ahead of every command: nothing of the user's is executed, nothing is tidied up. */
export const SETTINGS: readonly string[] = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "submodule.recurse=false",
].flatMap((setting) => ["-c", setting]);
