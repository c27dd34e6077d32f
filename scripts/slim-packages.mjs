// Leaves out of a bundle what our packages carry and we never call. Each of these is half a megabyte or a tenth of one, which
// every start reads and every review of the committed bundle shows.
import path from "node:path";

/** Marks what is resolved by ourselves, so that it is not resolved again and again. */
const RESOLVED = { resolved: true };

/**
 * undici's entry loads fetch, mocks, caches and WebSockets; we use its connections. An import of anything else fails the
 * build: add it here.
 */
const UNDICI = `
  import Client from "undici/lib/dispatcher/client.js";
  import Dispatcher from "undici/lib/dispatcher/dispatcher.js";
  import Pool from "undici/lib/dispatcher/pool.js";
  import api from "undici/lib/api/index.js";
  Object.assign(Dispatcher.prototype, api);
  export { Client, Pool };
`;

export const onlyConnectionsOfUndici = (root) => ({
  name: "only-connections-of-undici",
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ importer }) =>
      importer.startsWith(path.join(root, "src") + path.sep)
        ? { path: "undici", namespace: "parts" }
        : undefined,
    );
    build.onLoad({ filter: /^undici$/, namespace: "parts" }, () => ({
      contents: UNDICI,
      resolveDir: root,
    }));
  },
});

/** The same library as ES modules: a bundler joins their functions in one scope, and parsing takes a sixth less time. */
export const YAML_AS_MODULES = { yaml: "./node_modules/yaml/browser/index.js" };

/**
 * `@actions/core` does not say that importing its modules has no effect, so a bundler keeps its OpenID client, and with that
 * an undici of its own, although nothing asks for a token. None of the toolkit's modules does anything when imported.
 */
export const toolkitWithoutEffects = {
  name: "toolkit-without-effects",
  setup(build) {
    build.onResolve({ filter: /^(@actions\/|\.)/ }, async (args) => {
      const ofToolkit = /[\\/]node_modules[\\/]@actions[\\/]/.test(args.importer);
      if (args.pluginData === RESOLVED || !(args.path.startsWith("@actions/") || ofToolkit))
        return undefined;
      const { importer, kind, resolveDir } = args;
      const found = await build.resolve(args.path, {
        importer,
        kind,
        resolveDir,
        pluginData: RESOLVED,
      });
      return { ...found, sideEffects: false };
    });
  },
};

/**
 * The Action sends every request through `octokit.request` and does its own waiting, which can be cancelled. So of octokit it
 * gets the client that the package is made around, without the list of all endpoints, GitHub Apps, OAuth and two queues.
 */
export const onlyTheClientOfOctokit = {
  name: "only-the-client-of-octokit",
  setup(build) {
    build.onResolve({ filter: /^octokit$/ }, async ({ kind, pluginData, resolveDir }) => {
      if (pluginData === RESOLVED) return undefined;
      const octokit = await build.resolve("octokit", { kind, resolveDir, pluginData: RESOLVED });
      return build.resolve("@octokit/core", { kind, resolveDir: path.dirname(octokit.path) });
    });
  },
};

/** undici ships its HTTP parser for processors with and without SIMD and takes the second where the first fails. One will do. */
export const oneParserOfUndici = {
  name: "one-parser-of-undici",
  setup(build) {
    build.onResolve({ filter: /llhttp_simd-wasm\.js$/ }, ({ resolveDir }) => ({
      path: path.join(resolveDir, "../llhttp/llhttp-wasm.js"),
    }));
  },
};
