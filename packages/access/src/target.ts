/** Where a hop goes: the facts of an origin, parsed once and kept. */
export interface Target {
  /** `https://host` or `https://host:port`, as a URL serialises it. */
  readonly origin: string;
  /** `http:` or `https:`, or a scheme that nobody handles. */
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
export class TargetCache {
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
}

function parseTarget(origin: string): Target {
  const url = new URL(origin);
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  return {
    origin: url.origin,
    protocol: url.protocol,
    secure,
    host: url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname,
    urlHost: url.hostname,
    port,
    authority: url.host,
    peer: `${url.hostname}:${String(port)}`,
  };
}
