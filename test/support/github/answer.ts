import { asTree, type Tree } from "./description.ts";
import type { Actor, GithubState } from "./state.ts";

/** A request that the contract and the permissions let through. */
export interface Call {
  readonly state: GithubState;
  readonly actor: Actor;
  readonly pathTexts: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Tree;
  /** Of the request, without its query, for links. */
  readonly url: string;
  /** Of the API, for links: `http://127.0.0.1:49152`. */
  readonly root: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Route = (call: Call) => Answer;

const DOCUMENTATION = "https://docs.github.com/rest";
const DEFAULT_PER_PAGE = 30;
const MOST_PER_PAGE = 100;

export function refuse(status: number, message: string, more: Tree = {}): Answer {
  const body = { message, ...more, documentation_url: DOCUMENTATION, status: String(status) };
  return { status, body };
}

export function notFound(): Answer {
  return refuse(404, "Not Found");
}

/** `Validation Failed` as GitHub words it. */
export function invalid(resource: string, field: string, message: string): Answer {
  const errors = [{ resource, code: "custom", field, message }];
  return refuse(422, "Validation Failed", { errors });
}

export function tooLong(resource: string, field: string, most: number): Answer {
  return invalid(resource, field, `${field} is too long (maximum is ${most} characters)`);
}

/** One page of a list, with GitHub's Link header. */
export function paginate(
  { query, url }: Call,
  items: readonly unknown[],
  wrap: (page: readonly unknown[]) => unknown = (page) => page,
): Answer {
  const perPage = Math.min(readCount(query, "per_page", DEFAULT_PER_PAGE), MOST_PER_PAGE);
  const page = readCount(query, "page", 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, rel: string): string => {
    const options = new URLSearchParams(query);
    options.set("page", String(to));
    return `<${url}?${options.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, "prev")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
    ...(page > 1 ? [link(1, "first")] : []),
  ];
  return {
    status: 200,
    body: wrap(items.slice((page - 1) * perPage, page * perPage)),
    ...(links.length === 0 ? {} : { headers: { link: links.join(", ") } }),
  };
}

function readCount(query: URLSearchParams, name: string, otherwise: number): number {
  const value = Number(query.get(name) ?? otherwise);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}

export function textOf(body: Tree, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" ? value : undefined;
}

export function treeOf(body: Tree, name: string): Tree {
  return asTree(body[name]);
}
