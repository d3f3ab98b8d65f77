import { UsageError } from "@fairlead/core";
import type { CoapHandler } from "../exchange.ts";
import {
  type CoapCode,
  type CoapContentFormat,
  type CoapLink,
  type CoapLinkAttribute,
  coapCodes,
  contentFormatNumber,
  formatCoapUri,
} from "../protocol/index.ts";

/** What a server has at one path. */
export interface CoapResourceDefinition {
  readonly get?: CoapHandler | undefined;
  readonly post?: CoapHandler | undefined;
  readonly put?: CoapHandler | undefined;
  readonly delete?: CoapHandler | undefined;
  /** RFC 8132, as are the next two. */
  readonly fetch?: CoapHandler | undefined;
  readonly patch?: CoapHandler | undefined;
  readonly ipatch?: CoapHandler | undefined;
  /** Whether `get` or `fetch` answers with `updates`: its link says `obs`. */
  readonly observable?: boolean | undefined;
  /** For people. */
  readonly title?: string | undefined;
  /** Resource types: what it is, to programs. RFC 6690 section 3.1. */
  readonly rt?: string | readonly string[] | undefined;
  /** Interfaces: how it is used. RFC 6690 section 3.2. */
  readonly if?: string | readonly string[] | undefined;
  /** Formats that it has, the first by default: an Accept that is none of them is answered by 4.06. */
  readonly ct?: CoapContentFormat | readonly CoapContentFormat[] | undefined;
  /** Formats that it takes: content in another one is answered by 4.15. */
  readonly takes?: readonly CoapContentFormat[] | undefined;
  /** Says which version there is now; `undefined` where there is none. What If-Match and If-None-Match need. */
  readonly eTag?: (() => Uint8Array | undefined | Promise<Uint8Array | undefined>) | undefined;
  /** Whether `/.well-known/core` leaves it out. */
  readonly unlisted?: boolean | undefined;
}

/** One entry of a server's resources. */
export interface CoapResource {
  /** Segments, decoded. */
  readonly path: readonly string[];
  /** Whether it has everything below the path as well. */
  readonly takesBelow: boolean;
  readonly methods: ReadonlyMap<CoapCode, CoapHandler>;
  /** Numbers of content formats; `undefined` where nothing was said. */
  readonly gives: readonly number[] | undefined;
  readonly takes: readonly number[] | undefined;
  readonly eTag: CoapResourceDefinition["eTag"];
  /** Its link in `/.well-known/core`; `undefined` where it is not listed. */
  readonly link: CoapLink | undefined;
}

/**
 * Makes a resource.
 *
 * @param path such as `sensors/temp`, without the first slash, not encoded; one that ends in `/*` has what is below.
 * @throws UsageError OPTION_INVALID for a path or a format that is none, or a resource without methods.
 *
 * @example
 * resource("sensors/temp", {
 *   title: "Temperature of the room",
 *   rt: "temperature-c",
 *   get: () => coapAnswer("Content", "21.5"),
 * });
 */
export function resource(path: string, definition: CoapResourceDefinition): CoapResource {
  const takesBelow = path === "*" || path.endsWith("/*");
  const base = takesBelow ? path.slice(0, -2) : path;
  const segments = base === "" ? [] : base.split("/");
  if (segments.some((segment) => segment === "." || segment === ".." || utf8.encode(segment).length > 255)) {
    throw new UsageError("OPTION_INVALID", {
      detail: "path",
      remedy: "give segments of at most 255 bytes, none of them . or ..",
    });
  }
  const methods = methodsOf(definition);
  if (methods.size === 0) {
    throw new UsageError("OPTION_INVALID", { detail: path, remedy: "give the resource a method, such as get" });
  }
  const { ct } = definition;
  const gives = ct === undefined ? undefined : listOf(ct).map(contentFormatNumber);
  return {
    ...{ path: segments, takesBelow, methods, gives },
    takes: definition.takes?.map(contentFormatNumber),
    eTag: definition.eTag,
    link: definition.unlisted === true ? undefined : linkTo(segments, definition, gives),
  };
}

function methodsOf(definition: CoapResourceDefinition): ReadonlyMap<CoapCode, CoapHandler> {
  const methods = new Map<CoapCode, CoapHandler>();
  for (const [code, key] of methodKeys) {
    const handler = definition[key];
    if (handler !== undefined) methods.set(code, handler);
  }
  return methods;
}

function linkTo(
  path: readonly string[],
  { title, rt = [], if: interfaces = [], observable }: CoapResourceDefinition,
  formats: readonly number[] = [],
): CoapLink {
  const attributes: CoapLinkAttribute[] = [];
  const add = (name: string, values: readonly (string | number)[]): void => {
    if (values.length > 0) attributes.push({ name, value: values.join(" ") });
  };
  add("rt", listOf(rt));
  add("if", listOf(interfaces));
  add("ct", formats);
  add("title", title === undefined ? [] : [title]);
  if (observable === true) attributes.push({ name: "obs", value: undefined });
  const uri = formatCoapUri({ scheme: "coap", host: "h", port: 5683, path, query: [] });
  return { target: uri.slice("coap://h".length), attributes };
}

function listOf<Value extends string | number>(values: Value | readonly Value[]): readonly Value[] {
  return typeof values === "object" ? values : [values];
}

const methodKeys = [
  [coapCodes.GET, "get"],
  [coapCodes.POST, "post"],
  [coapCodes.PUT, "put"],
  [coapCodes.DELETE, "delete"],
  [coapCodes.FETCH, "fetch"],
  [coapCodes.PATCH, "patch"],
  [coapCodes.iPATCH, "ipatch"],
] as const;
const utf8 = new TextEncoder();
