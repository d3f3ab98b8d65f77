import { isCodedError, TimeoutError, TransportError } from "@fairlead/core";
import { formatProxy, type Proxy } from "@fairlead/http/proxies";
import {
  connectTcp,
  connectUnix,
  formatPeer,
  httpTunnel,
  socks4aTunnel,
  socks5Tunnel,
  type ConnectTcp,
  type TunnelOptions,
} from "@fairlead/transport";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Attempt } from "../authentication/attempt.ts";
import type { AuthenticationConversation } from "../authentication/conversation.ts";
import type { FindBinding } from "../authentication/handshake.ts";
import type { NameCache } from "../names/name-cache.ts";
import type { Partition } from "../partition.ts";
import type { Target } from "../target.ts";
import type { TcpSettings } from "./options.ts";
import { forwardingProxy, type Route } from "./route.ts";

/** Where to go, and with whose help. */
export interface RouteOpening {
  readonly target: Target;
  readonly route: Route;
  readonly names: NameCache;
  readonly tcp: TcpSettings;
  readonly partition: Partition;
  /** Secures a stream to a proxy, as the manager's TLS settings have it; `below` is destroyed where that fails. */
  readonly secureProxy: (below: Duplex, proxy: Proxy, signal: AbortSignal) => Promise<SecuredProxy>;
  /** Begins what is said to a proxy that wants to know who asks for a tunnel; `undefined` where there is nothing to say. */
  readonly converse: (proxy: Proxy, destination: string, signal: AbortSignal) => AuthenticationConversation | undefined;
  /** Waits for an answer of the application's, while the deadline stands still. */
  readonly waitFor: <Answer>(question: () => Promise<Answer>) => Promise<Answer>;
  readonly signal: AbortSignal;
  /** A name is looked up from now on. */
  readonly onResolving: () => void;
  /** The first name on the way is resolved; those behind a proxy never are, here. */
  readonly onResolved: () => void;
  /** Who is waited for from now on: `host:port`. */
  readonly onWaiting: (peer: string) => void;
}

/** TLS with a proxy. */
export interface SecuredProxy {
  readonly stream: Duplex;
  /** See `AuthenticatedService`. */
  readonly findBinding: FindBinding;
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
  const { connect } = opening.tcp;
  switch (route.type) {
    case "direct":
      return opened(await tcp(opening, connect, target.host, target.port));
    case "alternative":
      return opened(await tcp(opening, connect, route.host, route.port));
    case "unix":
      return { stream: await connectUnix({ path: route.path, signal }), remoteAddress: undefined };
    case "proxies":
      return new Chain(opening, route.proxies).open();
  }
}

function opened(socket: Socket): OpenedRoute {
  return { stream: socket, remoteAddress: socket.remoteAddress };
}

async function tcp(
  opening: RouteOpening,
  connect: ConnectTcp | undefined,
  host: string,
  port: number,
): Promise<Socket> {
  const { signal, names, partition, onResolving, onResolved, onWaiting } = opening;
  onWaiting(formatPeer(host, port));
  try {
    return await (connect ?? connectTcp)({
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

/** What one proxy is told. */
interface Introduction {
  readonly conversation: AuthenticationConversation | undefined;
  attempt: Attempt | undefined;
}

/** Goes from proxy to proxy; what each is told is kept for the case that the way has to be gone again. */
class Chain {
  readonly #opening: RouteOpening;
  readonly #proxies: readonly [Proxy, ...Proxy[]];
  /** By their place in the chain. */
  readonly #introductions = new Map<number, Introduction>();

  constructor(opening: RouteOpening, proxies: readonly [Proxy, ...Proxy[]]) {
    this.#opening = opening;
    this.#proxies = proxies;
  }

  async open(): Promise<OpenedRoute> {
    try {
      for (;;) {
        const found = await this.#go();
        if (found !== AGAIN) return found;
      }
    } finally {
      for (const { conversation } of this.#introductions.values()) conversation?.close();
    }
  }

  async #go(): Promise<OpenedRoute | typeof AGAIN> {
    const { target, route, signal, onWaiting, tcp: settings } = this.#opening;
    const [first] = this.#proxies;
    const socket = await tcp(this.#opening, settings.connectProxy, first.host, first.port).catch((error: unknown) => {
      throw this.#unreachable(first, error);
    });
    let stream: Duplex = socket;
    for (const [index, proxy] of this.#proxies.entries()) {
      let findBinding: FindBinding = () => undefined;
      if (proxy.scheme === "https") ({ stream, findBinding } = await this.#secure(stream, proxy));
      if (index + 1 === this.#proxies.length && forwardingProxy(route, target.secure) !== undefined) break;
      const next = this.#proxies[index + 1] ?? target;
      // What takes long from here on is the proxy's own way.
      onWaiting(formatPeer(next.host, next.port));
      signal.throwIfAborted();
      if (!(await this.#tunnel(stream, index, next, findBinding))) return AGAIN;
    }
    return { stream, remoteAddress: socket.remoteAddress };
  }

  async #secure(below: Duplex, proxy: Proxy): Promise<SecuredProxy> {
    const { secureProxy, signal, onWaiting } = this.#opening;
    onWaiting(formatPeer(proxy.host, proxy.port));
    return secureProxy(below, proxy, signal).catch((error: unknown) => {
      below.destroy();
      throw this.#unreachable(proxy, error);
    });
  }

  /** Tells whether the stream leads on; if not, the way is to be gone again. */
  async #tunnel(
    below: Duplex,
    index: number,
    { host, port }: Pick<Target, "host" | "port">,
    findBinding: FindBinding,
  ): Promise<boolean> {
    const { signal } = this.#opening;
    const proxy = this.#proxies[index] ?? this.#proxies[0];
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
        return this.#connect(below, this.#introductionOf(index, proxy, formatPeer(host, port)), options, findBinding);
    }
  }

  #introductionOf(index: number, proxy: Proxy, destination: string): Introduction {
    const known = this.#introductions.get(index);
    if (known !== undefined) return known;
    const conversation = this.#opening.converse(proxy, destination, this.#opening.signal);
    const introduction = { conversation, attempt: conversation?.anticipate() };
    this.#introductions.set(index, introduction);
    return introduction;
  }

  async #connect(
    below: Duplex,
    introduction: Introduction,
    options: TunnelOptions,
    findBinding: FindBinding,
  ): Promise<boolean> {
    const { conversation } = introduction;
    for (;;) {
      const { field, leg = 0 } = introduction.attempt ?? {};
      const fields = field === undefined ? [] : [["Proxy-Authorization", field] as const];
      const answer = await httpTunnel(below, { ...options, fields });
      if (answer.type === "open") {
        await conversation?.accepted(200, [], undefined);
        return true;
      }
      try {
        introduction.attempt = await this.#opening.waitFor(async () =>
          conversation?.answer(answer.challenges, findBinding),
        );
        options.signal?.throwIfAborted();
        if (introduction.attempt === undefined) throw stranger(options.peer);
        const goesOn = introduction.attempt.leg > 1;
        if (answer.reusable && !below.destroyed) continue;
        if (goesOn) throw stranger(options.peer, `it hung up after leg ${String(leg)} of a handshake`);
      } catch (error) {
        below.destroy();
        throw error;
      }
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

function stranger(peer: string, detail?: string): TransportError {
  return new TransportError("PROXY_AUTHENTICATION_REQUIRED", { peer, operation: "tunnel", detail });
}
