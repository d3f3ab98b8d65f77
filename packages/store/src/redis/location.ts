import { isIP } from "node:net";
import { StoreError } from "@fairlead/core";
import { withoutUserInfo } from "../store-url.ts";

/** One server, by name or IP literal (IPv6 without brackets). */
export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

/** How the server that has the records is found. */
export type RedisRoute =
  | { readonly type: "server"; readonly server: RedisHost }
  | { readonly type: "socket"; readonly path: string }
  /** Any of these tells which server has the store's slot. */
  | { readonly type: "cluster"; readonly servers: readonly RedisHost[] }
  /** Any of these tells which server is the master of this name. */
  | { readonly type: "sentinel"; readonly servers: readonly RedisHost[]; readonly master: string };

/** What a Redis URL names. */
export interface RedisLocation {
  /** The URL without user and password, for people: errors, warnings, `Store.url`. */
  readonly url: string;
  readonly route: RedisRoute;
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** What all names of the store's keys begin with. */
  readonly prefix: string;
  /** Largest number of records of a collection that are read when the store is opened. */
  readonly view: number;
}

const grammar = /^(rediss?)(?:\+(unix|cluster|sentinel))?:\/\/(?:([^/?#]*)@)?([^/?#@]*)(\/[^?#]*)?(?:\?([^#]*))?$/i;
const defaultPort = 6_379;
const defaultSentinelPort = 26_379;
const defaultView = 200_000;

/**
 * Reads a URL: `redis://[user:password@]host[:port][/database][?prefix=…&view=…]`, `rediss://` for TLS,
 * `redis+unix://[user:password@]/path[?database=…]`, `redis+cluster://host,host` and
 * `redis+sentinel://host,host/master[/database]`, both also as `rediss+…`.
 *
 * @throws StoreError STORE_URL_INVALID, without user and password.
 */
export function parseRedisUrl(url: string): RedisLocation {
  const match = grammar.exec(url);
  if (match === null) throw invalid(url);
  const [, scheme = "", kind = "", userInfo = "", authority = "", path = "", query = ""] = match;
  const [username, password] = parseUserInfo(url, userInfo);
  const parameters = parseQuery(url, query);
  const { route, database } = parseRoute(url, kind.toLowerCase(), authority, path, parameters.database);
  const tls = scheme.toLowerCase() === "rediss";
  if (tls && route.type === "socket") throw invalid(url, "a socket of this machine needs no TLS");
  return {
    url: withoutUserInfo(url),
    route,
    tls,
    username,
    password,
    database,
    prefix: parameters.prefix,
    view: parameters.view,
  };
}

/** Whether what is sent there stays on this machine. */
export function isLocal(route: RedisRoute): boolean {
  switch (route.type) {
    case "socket":
      return true;
    case "server":
      return isLoopback(route.server.host);
    // They say where to go next, which may be anywhere.
    case "cluster":
    case "sentinel":
      return route.servers.every(({ host }) => isLoopback(host));
  }
}

/** Whether a host is this machine, by its name alone: RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  if (isIP(name) === 4) return name.startsWith("127.");
  return name === "::1" || name === "localhost" || name.endsWith(".localhost");
}

function parseRoute(
  url: string,
  kind: string,
  authority: string,
  path: string,
  database: number | undefined,
): { readonly route: RedisRoute; readonly database: number } {
  const segments = path.split("/").slice(1);
  switch (kind) {
    case "unix": {
      if (authority !== "" || path.length < 2) throw invalid(url, "a socket is named by an absolute path");
      return { route: { type: "socket", path: decode(url, path) }, database: database ?? 0 };
    }
    case "cluster": {
      const servers = parseHosts(url, authority, defaultPort);
      if (path.length > 1 || database !== undefined) throw invalid(url, "a cluster has one database");
      return { route: { type: "cluster", servers }, database: 0 };
    }
    case "sentinel": {
      const [master = "", number, ...more] = segments;
      if (master === "" || more.length > 0) throw invalid(url, "a sentinel is asked for a master by name");
      const servers = parseHosts(url, authority, defaultSentinelPort);
      return {
        route: { type: "sentinel", servers, master: decode(url, master) },
        database: parseDatabase(url, number, database),
      };
    }
    default: {
      const [number, ...more] = segments;
      const [server, ...others] = parseHosts(url, authority, defaultPort);
      if (server === undefined || others.length > 0 || more.length > 0) throw invalid(url);
      return { route: { type: "server", server }, database: parseDatabase(url, number, database) };
    }
  }
}

function parseHosts(url: string, authority: string, port: number): readonly RedisHost[] {
  return authority.split(",").map((text) => {
    const match = /^(?:\[([^\]]*)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(text);
    const [, literal, name, digits] = match ?? [];
    const host = literal ?? name;
    const number = digits === undefined ? port : Number(digits);
    const isHost = literal === undefined ? name !== undefined : isIP(literal) === 6;
    if (host === undefined || !isHost || number < 1 || number > 65_535) throw invalid(url, "host or port");
    return { host, port: number };
  });
}

function parseUserInfo(url: string, text: string): readonly [string | undefined, string | undefined] {
  const colon = text.indexOf(":");
  const username = decode(url, colon === -1 ? text : text.slice(0, colon));
  const password = colon === -1 ? undefined : decode(url, text.slice(colon + 1));
  return [username === "" ? undefined : username, password];
}

function parseDatabase(url: string, segment: string | undefined, parameter: number | undefined): number {
  if (segment === undefined || segment === "") return parameter ?? 0;
  const database = wholeNumber(segment, 0);
  if (database === undefined || parameter !== undefined) throw invalid(url, "database");
  return database;
}

function parseQuery(
  url: string,
  query: string,
): { readonly prefix: string; readonly view: number; readonly database: number | undefined } {
  let prefix = "fairlead";
  let view: number | undefined = defaultView;
  let database: number | undefined;
  for (const part of query === "" ? [] : query.split("&")) {
    const [name = "", ...rest] = part.split("=");
    const value = decode(url, rest.join("="));
    switch (name) {
      case "prefix":
        // It becomes a hash tag: a brace in it would scatter the keys over a cluster.
        if (!/^[\w.:-]{1,64}$/.test(value)) throw invalid(url, "prefix");
        prefix = value;
        break;
      case "view":
        view = wholeNumber(value, 1);
        if (view === undefined) throw invalid(url, "view");
        break;
      case "database":
        database = wholeNumber(value, 0);
        if (database === undefined) throw invalid(url, "database");
        break;
      default:
        throw invalid(url, "only prefix, view and database may follow the question mark");
    }
  }
  return { prefix, view, database };
}

function wholeNumber(text: string, least: number): number | undefined {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  return number >= least ? number : undefined;
}

function decode(url: string, text: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (!decoded.includes("\0")) return decoded;
  } catch {
    // Not UTF-8, or half an escape.
  }
  throw invalid(url, "a percent sign is written %25");
}

function invalid(url: string, detail?: string): StoreError {
  return new StoreError("STORE_URL_INVALID", {
    peer: withoutUserInfo(url),
    operation: "open",
    detail,
    remedy: "use redis://host:port/database, rediss://, redis+unix:///path, redis+cluster:// or redis+sentinel://",
  });
}
