import type { Endpoint } from "./endpoint.ts";

/** An endpoint with the parameters that the path gave. */
export interface Route {
  readonly endpoint: Endpoint;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Finds the endpoint for a path as it stands in the URL, percent-encoded. */
export type Router = (path: string) => Route | undefined;

interface Pattern {
  readonly endpoint: Endpoint;
  readonly segments: readonly string[];
}

/**
 * Makes a router. Where two endpoints match, the one with a literal segment further left wins. A last parameter with a
 * star, `:rest*`, stands for one segment or more.
 */
export function createRouter(endpoints: readonly Endpoint[]): Router {
  const byFirstSegment = Map.groupBy(endpoints.map(compile).sort(literalsFirst), ({ segments }) => segments[0] ?? "");
  return (path) => {
    const segments = path.split("/").slice(1);
    for (const { endpoint, segments: wanted } of byFirstSegment.get(segments[0] ?? "") ?? []) {
      const parameters = match(wanted, segments);
      if (parameters !== undefined) return { endpoint, parameters };
    }
    return undefined;
  };
}

function compile(endpoint: Endpoint): Pattern {
  const [path = ""] = endpoint.path.split("?");
  return { endpoint, segments: path.split("/").slice(1) };
}

function literalsFirst(a: Pattern, b: Pattern): number {
  for (const [index, segment] of a.segments.entries()) {
    const other = b.segments[index];
    if (other === undefined) return 1;
    const order = Number(segment.startsWith(":")) - Number(other.startsWith(":"));
    if (order !== 0) return order;
  }
  return 0;
}

function match(wanted: readonly string[], segments: readonly string[]): ReadonlyMap<string, string> | undefined {
  const isOpen = wanted.at(-1)?.endsWith("*") === true;
  if (isOpen ? wanted.length > segments.length : wanted.length !== segments.length) return undefined;
  const parameters = new Map<string, string>();
  for (const [index, expected] of wanted.entries()) {
    const segment = segments[index] ?? "";
    if (expected.endsWith("*")) parameters.set(expected.slice(1, -1), segments.slice(index).join("/"));
    else if (expected.startsWith(":")) parameters.set(expected.slice(1), segment);
    else if (expected !== segment) return undefined;
  }
  return parameters;
}
