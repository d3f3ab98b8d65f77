import type { Forgetful } from "./forget/scope.ts";

/** Where a hop goes: the facts of an origin, parsed once and kept. */
export interface Target {
  /** `https://host` or `https://host:port`, as a URL serialises it. Of other schemes, all that stands before the path. */
  readonly origin: string;
  readonly protocol: string;
  readonly secure: boolean;
  /** A-labels or an IP literal without brackets: what is resolved and verified. */
  readonly host: string;
  /** As `URL.hostname` has it, IPv6 in brackets. */
  readonly urlHost: string;
  readonly port: number;
  /** `host` or `host:port`, as a Host field has it. */
  readonly authority: string;
  /** `host:port` for messages, IPv6 in brackets. */
  readonly peer: string;
}

/** Targets that are kept; past this the oldest half is parsed anew. */
const TARGETS_LIMIT = 1024;

/** Parses origins, and remembers them, since a program asks the same few again and again. */
export class TargetCache implements Forgetful {
  readonly #targets = new Map<string, Target>();

  find(origin: string): Target {
    const known = this.#targets.get(origin);
    if (known !== undefined) return known;
    if (this.#targets.size >= TARGETS_LIMIT) {
      for (const old of [...this.#targets.keys()].slice(0, TARGETS_LIMIT / 2)) this.#targets.delete(old);
    }
    const target = parseTarget(origin);
    this.#targets.set(origin, target);
    return target;
  }

  /** All: each is parsed anew. */
  forgetWithin(): number {
    this.#targets.clear();
    return 0;
  }
}

/** Whether a URL of this scheme is asked for by HTTP. */
export function isHttp(protocol: string): boolean {
  return protocol === "https:" || protocol === "http:";
}

/**
 * What stands before the path of a URL: its origin, where it is one of HTTP. Other schemes have origins that say nothing,
 * and here keep what their handlers need: host, port and user name.
 */
export function originOf(url: URL): string {
  const { protocol } = url;
  if (isHttp(protocol)) return url.origin;
  if (url.href.startsWith(`${protocol}//`)) {
    return `${protocol}//${url.username === "" ? "" : `${url.username}@`}${url.host}`;
  }
  // A path that begins with two slashes, and no host before it. URL Standard section 4.5, "URL serializer".
  return url.pathname.startsWith("//") ? `${protocol}/.` : protocol;
}

function parseTarget(origin: string): Target {
  const url = new URL(origin);
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : url.protocol === "http:" ? 80 : 0) : Number(url.port);
  return {
    origin: isHttp(url.protocol) ? url.origin : origin,
    protocol: url.protocol,
    secure,
    host: url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname,
    urlHost: url.hostname,
    port,
    authority: url.host,
    peer: peerOf(url, port),
  };
}

function peerOf({ protocol, hostname, host }: URL, port: number): string {
  if (isHttp(protocol)) return `${hostname}:${String(port)}`;
  return host === "" ? protocol : host;
}
