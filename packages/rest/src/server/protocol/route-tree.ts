import { UsageError } from "@fairlead/core";
import { parsePathTemplate } from "./path-template.ts";

/** Where a path leads. */
export type Route<Target> =
  | {
      readonly type: "found";
      readonly target: Target;
      /** What stands for the names of the path, in their order, decoded. */
      readonly values: readonly string[];
    }
  /** There is something, which does other things. */
  | { readonly type: "method-missing"; readonly methods: readonly string[] }
  | { readonly type: "path-missing" }
  /** Its percent-encoding is none, or of no UTF-8. */
  | { readonly type: "malformed" };

interface Resource<Target> {
  readonly path: string;
  readonly targets: Map<string, Target>;
  /** Made once, as most paths have no names. */
  readonly routes: Map<string, Route<Target>>;
}

interface Node<Target> {
  readonly fixed: Map<string, Node<Target>>;
  named: Node<Target> | undefined;
  resource: Resource<Target> | undefined;
}

/**
 * Finds out what a path means. A segment is compared whole and decoded, and is decoded once; a slash that was encoded stays
 * within its segment. What is fixed wins over a name, segment by segment, and a name stands for at least one character. A
 * search visits each node at most once, so none takes longer than there are nodes.
 */
export class RouteTree<Target> {
  readonly #root: Node<Target> = emptyNode();
  /** Those without a name, by the path as it usually comes. */
  readonly #plain = new Map<string, Resource<Target>>();

  /** @throws UsageError OPTION_INVALID where that method and path are taken, or the path is none. */
  add(method: string, path: string, target: Target): void {
    let node = this.#root;
    let hasName = false;
    for (const segment of parsePathTemplate(path)) {
      if (segment.type === "name") {
        node = node.named ??= emptyNode();
        hasName = true;
      } else {
        let next = node.fixed.get(segment.text);
        if (next === undefined) node.fixed.set(segment.text, (next = emptyNode()));
        node = next;
      }
    }
    node.resource ??= { path, targets: new Map(), routes: new Map() };
    const { resource } = node;
    if (resource.targets.has(method)) throw taken(method, path, resource.path);
    resource.targets.set(method, target);
    if (!hasName) {
      resource.routes.set(method, { type: "found", target, values: NO_VALUES });
      this.#plain.set(path, resource);
    }
  }

  /** @param path as it came, without its query. */
  find(method: string, path: string): Route<Target> {
    const plain = this.#plain.get(path);
    if (plain !== undefined) return plain.routes.get(servedBy(method, plain)) ?? missing(plain);
    const segments = path.slice(1).split("/");
    if (path.includes("%") && !decodeAll(segments)) return MALFORMED;
    const values: string[] = [];
    const resource = search(this.#root, segments, 0, values);
    if (resource === undefined) return PATH_MISSING;
    const target = resource.targets.get(servedBy(method, resource));
    return target === undefined ? missing(resource) : { type: "found", target, values };
  }
}

const NO_VALUES: readonly string[] = Object.freeze([]);
const MALFORMED = Object.freeze({ type: "malformed" });
const PATH_MISSING = Object.freeze({ type: "path-missing" });

function emptyNode<Target>(): Node<Target> {
  return { fixed: new Map(), named: undefined, resource: undefined };
}

/** @param values taken and given back as names are tried. */
function search<Target>(
  node: Node<Target>,
  segments: readonly string[],
  at: number,
  values: string[],
): Resource<Target> | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.resource;
  const fixed = node.fixed.get(segment);
  const found = fixed && search(fixed, segments, at + 1, values);
  if (found !== undefined || node.named === undefined || segment === "") return found;
  values.push(segment);
  const named = search(node.named, segments, at + 1, values);
  if (named === undefined) values.pop();
  return named;
}

function decodeAll(segments: string[]): boolean {
  try {
    for (const [at, segment] of segments.entries()) {
      if (segment.includes("%")) segments[at] = decodeURIComponent(segment);
    }
    return true;
  } catch {
    return false;
  }
}

/** HEAD is GET without its content, unless there is one of its own. RFC 9110 section 9.3.2. */
function servedBy<Target>(method: string, { targets }: Resource<Target>): string {
  return method === "HEAD" && !targets.has(method) ? "GET" : method;
}

function missing<Target>({ targets }: Resource<Target>): Route<Target> {
  const methods = new Set(targets.keys());
  if (methods.has("GET")) methods.add("HEAD");
  return { type: "method-missing", methods: [...methods] };
}

function taken(method: string, path: string, other: string): UsageError {
  const detail = path === other ? `${method} ${path} is there twice` : `${method} ${path} and ${other} are the same`;
  return new UsageError("OPTION_INVALID", { detail, remedy: "give each operation a method and a path of its own" });
}
