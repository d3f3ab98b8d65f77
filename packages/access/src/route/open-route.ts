import { isCodedError, TimeoutError, TransportError } from "@fairlead/core";
import { formatProxy, type Proxy } from "@fairlead/http/proxies";
import { connectTcp, connectUnix, formatPeer, httpTunnel, socks4aTunnel, socks5Tunnel } from "@fairlead/transport";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { NameCache } from "../names/name-cache.ts";
import type { Partition } from "../partition.ts";
import type { Target } from "../target.ts";
import { ANSWERS_LIMIT, type ProxyIntroduction } from "./proxy-introduction.ts";
import { forwardingProxy, type Route } from "./route.ts";

/** Where to go, and with whose help. */
export interface RouteOpening {
  readonly target: Target;
  readonly route: Route;
  readonly names: NameCache;
  readonly partition: Partition;
  /** Secures a stream to a proxy, as the manager's TLS settings have it; `below` is destroyed where that fails. */
  readonly secureProxy: (below: Duplex, proxy: Proxy, signal: AbortSignal) => Promise<Duplex>;
  readonly introduction: ProxyIntroduction;
  readonly signal: AbortSignal;
  /** A name is looked up from now on. */
  readonly onResolving: () => void;
  /** The first name on the way is resolved; those behind a proxy never are, here. */
  readonly onResolved: () => void;
  /** Who is waited for from now on: `host:port`. */
  readonly onWaiting: (peer: string) => void;
}

/** A byte stream to the origin's server, or to the proxy that is asked for its resources. */
export interface OpenedRoute {
  readonly stream: Duplex;
  /** Of the first step; `undefined` for a Unix socket. */
  readonly remoteAddress: string | undefined;
}

/**
 * Opens the way to an origin, up to where TLS with the origin itself would begin.
 *
 * @throws TransportError: PROXY_UNREACHABLE names the link that could not be reached, and carries what that failed with;
 * what a proxy refused has the proxy as its peer; or the signal's reason. Nothing stays open.
 */
export async function openRoute(opening: RouteOpening): Promise<OpenedRoute> {
  const { target, route, signal } = opening;
  switch (route.type) {
    case "direct":
      return opened(await tcp(opening, target.host, target.port));
    case "alternative":
      return opened(await tcp(opening, route.host, route.port));
    case "unix":
      return { stream: await connectUnix({ path: route.path, signal }), remoteAddress: undefined };
    case "proxies":
      return new Chain(opening, route.proxies).open();
  }
}

function opened(socket: Socket): OpenedRoute {
  return { stream: socket, remoteAddress: socket.remoteAddress };
}

async function tcp(opening: RouteOpening, host: string, port: number): Promise<Socket> {
  const { signal, names, partition, onResolving, onResolved, onWaiting } = opening;
  onWaiting(formatPeer(host, port));
  try {
    return await connectTcp({
      host,
      port,
      signal,
      lookup: names.lookupIn(partition),
      onPhase: (phase) => {
        if (phase === "resolving") onResolving();
        if (phase === "resolved") onResolved();
      },
    });
  } catch (error) {
    // Who gave up knows nothing of the addresses.
    if (!signal.aborted || signal.reason instanceof TimeoutError) names.forget(host, partition);
    throw error;
  }
}

/** A tunnel was refused until somebody says who asks, and the stream cannot be used for it. */
const AGAIN = Symbol("again");

/** Goes from proxy to proxy; what each wants to know is kept for the case that the way has to be gone again. */
class Chain {
  readonly #opening: RouteOpening;
  readonly #proxies: readonly [Proxy, ...Proxy[]];
  readonly #answers = new Map<Proxy, { readonly count: number; readonly value: string }>();

  constructor(opening: RouteOpening, proxies: readonly [Proxy, ...Proxy[]]) {
    this.#opening = opening;
    this.#proxies = proxies;
  }

  async open(): Promise<OpenedRoute> {
    for (;;) {
      const found = await this.#go();
      if (found !== AGAIN) return found;
    }
  }

  async #go(): Promise<OpenedRoute | typeof AGAIN> {
    const { target, route, signal, onWaiting } = this.#opening;
    const [first] = this.#proxies;
    const socket = await tcp(this.#opening, first.host, first.port).catch((error: unknown) => {
      throw this.#unreachable(first, error);
    });
    let stream: Duplex = socket;
    for (const [index, proxy] of this.#proxies.entries()) {
      stream = await this.#secure(stream, proxy);
      if (index + 1 === this.#proxies.length && forwardingProxy(route, target.secure) !== undefined) break;
      const next = this.#proxies[index + 1] ?? target;
      // What takes long from here on is the proxy's own way.
      onWaiting(formatPeer(next.host, next.port));
      signal.throwIfAborted();
      if (!(await this.#tunnel(stream, proxy, next))) return AGAIN;
    }
    return { stream, remoteAddress: socket.remoteAddress };
  }

  async #secure(below: Duplex, proxy: Proxy): Promise<Duplex> {
    if (proxy.scheme !== "https") return below;
    const { secureProxy, signal, onWaiting } = this.#opening;
    onWaiting(formatPeer(proxy.host, proxy.port));
    return secureProxy(below, proxy, signal).catch((error: unknown) => {
      below.destroy();
      throw this.#unreachable(proxy, error);
    });
  }

  /** Tells whether the stream leads on; if not, the way is to be gone again. */
  async #tunnel(below: Duplex, proxy: Proxy, { host, port }: Pick<Target, "host" | "port">): Promise<boolean> {
    const { signal } = this.#opening;
    const options = { host, port, peer: formatPeer(proxy.host, proxy.port), signal };
    switch (proxy.scheme) {
      case "socks5":
        await socks5Tunnel(below, { ...options, credentials: proxy.credentials });
        return true;
      case "socks4a":
        await socks4aTunnel(below, { ...options, credentials: proxy.credentials });
        return true;
      case "http":
      case "https":
        return this.#connect(below, proxy, options);
    }
  }

  async #connect(
    below: Duplex,
    proxy: Proxy,
    options: { readonly host: string; readonly port: number; readonly peer: string; readonly signal: AbortSignal },
  ): Promise<boolean> {
    const { introduction } = this.#opening;
    const request = { method: "CONNECT", uri: formatPeer(options.host, options.port) };
    for (;;) {
      const said = this.#answers.get(proxy);
      const value = said?.value ?? introduction.known(proxy, request);
      const fields = value === undefined ? [] : [["Proxy-Authorization", value] as const];
      const answer = await httpTunnel(below, { ...options, fields });
      if (answer.type === "open") return true;
      const round = said?.count ?? 0;
      try {
        const next =
          round >= ANSWERS_LIMIT
            ? undefined
            : await introduction.answer({
                ...request,
                proxy,
                challenges: answer.challenges,
                round,
                signal: options.signal,
              });
        options.signal.throwIfAborted();
        if (next === undefined) {
          throw new TransportError("PROXY_AUTHENTICATION_REQUIRED", { peer: options.peer, operation: "tunnel" });
        }
        this.#answers.set(proxy, { count: round + 1, value: next });
      } catch (error) {
        below.destroy();
        throw error;
      }
      if (answer.reusable && !below.destroyed) continue;
      below.destroy();
      return false;
    }
  }

  #unreachable(proxy: Proxy, cause: unknown): unknown {
    const { signal } = this.#opening;
    if (signal.aborted) return signal.reason;
    if (!isCodedError(cause)) return cause;
    const position = `link ${String(this.#proxies.indexOf(proxy) + 1)} of ${String(this.#proxies.length)}`;
    return new TransportError("PROXY_UNREACHABLE", {
      peer: formatPeer(proxy.host, proxy.port),
      operation: "connect",
      detail: `${formatProxy(proxy)}, ${position}: ${cause.code}`,
      remedy: cause.remedy,
      cause,
    });
  }
}
