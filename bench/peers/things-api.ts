import type { Api } from "./stand-in.ts";

/** The least API a resource can be made for: a thing is put by its name. It starts empty. */
export function createThingsApi(): Api {
  const things = new Map<string, string>();
  return {
    answer({ method, path, body }) {
      const name = /^\/things\/([^/]+)$/.exec(path)?.[1];
      if (method !== "PUT" || name === undefined) return undefined;
      things.set(name, String(body["text"]));
      return { status: 200, body: { name } };
    },
    textOf: (name) => things.get(name),
  };
}
