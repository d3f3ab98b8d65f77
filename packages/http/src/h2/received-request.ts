import { findFieldProblem, readContentLength, type FlatFields } from "./field-rules.ts";

/** How much of a head is taken. */
export interface RequestHeadLimits {
  /** Octets of `:path`. */
  readonly targetBytes: number;
  /** Octets of all other names and values. */
  readonly fieldsBytes: number;
  readonly fields: number;
}

/** A request's head, as a server understands it. */
export interface ReceivedRequest {
  readonly type: "request";
  readonly method: string;
  /** What the client claims. */
  readonly scheme: "http" | "https";
  /** `host` or `host:port`. */
  readonly authority: string;
  /** Beginning with a slash; or `*`. */
  readonly path: string;
  /** What the stream is to be given to, by extended CONNECT. RFC 8441 section 4. */
  readonly protocol: string | undefined;
  /** Without pseudo-fields; `host` first, cookies joined to one. */
  readonly fields: FlatFields;
  readonly contentLength: number | undefined;
  /** Whether the client waits for 100 (Continue) before it sends its content. RFC 9110 section 10.1.1. */
  readonly expectsContinue: boolean;
}

/** Why a request is none, or not taken. */
export type RequestRefused =
  /** A stream error of type PROTOCOL_ERROR. RFC 9113 section 8.1.1. */
  | { readonly type: "malformed"; readonly detail: string }
  | { readonly type: "target-too-long" }
  | { readonly type: "fields-too-large" }
  /** A tunnel to another host: CONNECT without a protocol. RFC 9113 section 8.5. */
  | { readonly type: "connect" }
  /** An Expect of something else than 100-continue. RFC 9110 section 10.1.1. */
  | { readonly type: "expectation" };

const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PATH = /^\/[\x21\x22\x24-\x7e]*$/;
/** A name, an IPv4 address or an IPv6 one in brackets, and a port: never user information. RFC 9113 section 8.3.1. */
const AUTHORITY = /^(?:\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+;=%-]+)(?::\d{0,5})?$/;

interface PseudoFields {
  method?: string;
  scheme?: string;
  authority?: string;
  path?: string;
  protocol?: string;
}

/**
 * Reads the fields that begin a request.
 *
 * @see RFC 9113 sections 8.2 and 8.3.1, RFC 8441 section 4
 */
export function readRequestHead(flat: FlatFields, limits: RequestHeadLimits): ReceivedRequest | RequestRefused {
  const pseudo: PseudoFields = {};
  const begin = readPseudoFields(flat, pseudo);
  if (typeof begin === "string") return malformed(begin);
  const { method, path, protocol } = pseudo;
  if (method === undefined || !METHOD.test(method)) return malformed("a method that is none");
  if (protocol !== undefined && (method !== "CONNECT" || !METHOD.test(protocol))) {
    return malformed("a protocol that cannot be asked for");
  }
  const isTunnel = method === "CONNECT" && protocol === undefined;
  if (isTunnel) {
    if (path !== undefined || pseudo.scheme !== undefined) return malformed("a tunnel with a path or a scheme");
  } else if (pseudo.scheme !== "http" && pseudo.scheme !== "https") {
    return malformed("a scheme that is not of HTTP");
  } else if (path === undefined || !(PATH.test(path) || (path === "*" && method === "OPTIONS"))) {
    return path !== undefined && path.length > limits.targetBytes
      ? { type: "target-too-long" }
      : malformed("a path that is none");
  } else if (path.length > limits.targetBytes) {
    return { type: "target-too-long" };
  }

  const rest = readFields(flat, begin, pseudo.authority);
  if (typeof rest === "string") return malformed(rest);
  const { authority } = rest;
  if (authority === undefined || !AUTHORITY.test(authority)) return malformed("an authority that is none");
  if (isTunnel) return { type: "connect" };
  if (rest.fields.length > 2 * limits.fields || rest.size > limits.fieldsBytes) return { type: "fields-too-large" };
  if (rest.expects !== undefined && rest.expects !== "100-continue") return { type: "expectation" };
  return {
    type: "request",
    method,
    scheme: pseudo.scheme === "https" ? "https" : "http",
    authority,
    path: path ?? "/",
    protocol,
    fields: rest.fields,
    contentLength: protocol === undefined ? rest.contentLength : undefined,
    expectsContinue: rest.expects !== undefined,
  };
}

/** Returns where the others begin, or what is wrong. They come first, and each once. RFC 9113 section 8.3. */
function readPseudoFields(flat: FlatFields, pseudo: PseudoFields): number | string {
  let index = 0;
  for (; index < flat.length; index += 2) {
    const name = flat[index] ?? "";
    if (!name.startsWith(":")) break;
    const key = PSEUDO_FIELDS.get(name);
    if (key === undefined) return "a pseudo-field that requests do not have";
    if (pseudo[key] !== undefined) return "a pseudo-field that comes twice";
    pseudo[key] = flat[index + 1] ?? "";
  }
  return index;
}

const PSEUDO_FIELDS: ReadonlyMap<string, keyof PseudoFields> = new Map([
  [":method", "method"],
  [":scheme", "scheme"],
  [":authority", "authority"],
  [":path", "path"],
  [":protocol", "protocol"],
]);

interface OtherFields {
  readonly fields: readonly string[];
  readonly size: number;
  readonly authority: string | undefined;
  readonly contentLength: number | undefined;
  readonly expects: string | undefined;
}

function readFields(flat: FlatFields, begin: number, named: string | undefined): OtherFields | string {
  let authority = named;
  const fields = ["host", authority ?? ""];
  let size = 4 + (authority?.length ?? 0);
  let hosts = 0;
  let cookieAt = 0;
  let contentLength: number | undefined;
  let expects: string | undefined;
  for (let index = begin; index < flat.length; index += 2) {
    const name = flat[index] ?? "";
    const value = flat[index + 1] ?? "";
    const problem = findFieldProblem(name, value);
    if (problem !== undefined) return problem;
    size += name.length + value.length;
    switch (name) {
      case "host":
        // The same as `:authority` where both are there. RFC 9113 section 8.3.1.
        hosts += 1;
        if (hosts > 1 || (authority !== undefined && authority.toLowerCase() !== value.toLowerCase())) {
          return "two hosts";
        }
        authority = value;
        fields[1] = value;
        continue;
      case "te":
        // RFC 9113 section 8.2.2.
        if (value.toLowerCase() !== "trailers") return "a TE that asks for more than trailers";
        break;
      case "cookie": {
        // For whoever knows HTTP/1.1 alone they are one. RFC 9113 section 8.2.3.
        const earlier = fields[cookieAt];
        if (cookieAt > 0 && earlier !== undefined) {
          fields[cookieAt] = `${earlier}; ${value}`;
          continue;
        }
        cookieAt = fields.length + 1;
        break;
      }
      case "content-length": {
        const length = readContentLength(value);
        if (length === undefined || (contentLength !== undefined && contentLength !== length)) {
          return "an impossible Content-Length";
        }
        if (contentLength !== undefined) continue;
        contentLength = length;
        fields.push(name, String(length));
        continue;
      }
      case "expect":
        expects = expects === undefined ? value.toLowerCase() : "more than one";
        break;
    }
    fields.push(name, value);
  }
  return { fields, size, authority, contentLength, expects };
}

function malformed(detail: string): RequestRefused {
  return { type: "malformed", detail };
}
