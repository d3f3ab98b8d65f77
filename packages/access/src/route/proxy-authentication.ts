import type { Proxy } from "@fairlead/http/proxies";
import { formatProxy } from "@fairlead/http/proxies";
import { formatPeer } from "@fairlead/transport";
import type { Authenticator } from "../authentication/authenticator.ts";
import { AuthenticationConversation } from "../authentication/conversation.ts";
import type { OnAuthenticate } from "../authentication/question.ts";
import type { AuthenticationSubject } from "../authentication/subject.ts";
import type { Partition } from "../partition.ts";

/** Proxies whose credentials are kept with what was learned by them; past this the oldest start anew. */
const PROXIES_LIMIT = 256;

/** A tunnel that somebody wants to have opened. */
export interface TunnelRequest {
  readonly proxy: Proxy;
  /** Where it leads: `host:port`, as it stands in the request line. */
  readonly destination: string;
  /** What is wanted in the end. */
  readonly url: string;
  readonly partition: Partition;
  /** Who is asked where the proxy's URL does not say. */
  readonly onAuthenticate: OnAuthenticate | undefined;
  readonly signal: AbortSignal;
}

/** Tells proxies who asks: by the credentials in their URL, else by what the application answers. */
export class ProxyAuthentication {
  readonly #authenticator: Authenticator;
  readonly #askers = new Map<string, OnAuthenticate>();

  constructor(authenticator: Authenticator) {
    this.#authenticator = authenticator;
  }

  /** Begins what is said to a proxy about one tunnel; `undefined` where there is nobody to say it. */
  converse(request: TunnelRequest): AuthenticationConversation | undefined {
    const { proxy, destination, url, partition, onAuthenticate, signal } = request;
    const asker = this.askerFor(proxy, onAuthenticate);
    if (asker === undefined) return undefined;
    return new AuthenticationConversation(this.#authenticator, {
      ...proxySubject(proxy),
      isExcepted: false,
      partition,
      url,
      method: "CONNECT",
      target: destination,
      body: NO_BODY,
      asker,
      signal,
      onTry: () => undefined,
    });
  }

  /** Who answers a proxy. The same function for the same credentials: answers belong to the function that gave them. */
  askerFor(proxy: Proxy, onAuthenticate: OnAuthenticate | undefined): OnAuthenticate | undefined {
    const { credentials } = proxy;
    if (credentials === undefined) return onAuthenticate;
    const key = JSON.stringify([formatProxy(proxy), credentials]);
    const known = this.#askers.get(key);
    if (known !== undefined) return known;
    // Whoever answers a wrong password with the same one again is told no again.
    const asker: OnAuthenticate = ({ tried }) =>
      tried.length > 0 ? { type: "none" } : { type: "password", ...credentials };
    const [oldest] = this.#askers.size < PROXIES_LIMIT ? [] : this.#askers.keys();
    if (oldest !== undefined) this.#askers.delete(oldest);
    this.#askers.set(key, asker);
    return asker;
  }
}

/** A proxy as somebody who wants to know who asks. */
export function proxySubject(
  proxy: Proxy,
): Pick<AuthenticationSubject, "role" | "origin" | "host" | "peer" | "isPlain"> {
  const { scheme, host, port, credentials } = proxy;
  return {
    role: "proxy",
    origin: formatProxy(proxy),
    host,
    peer: formatPeer(host, port),
    // Whoever wrote a password into the URL of a proxy without TLS wants it sent there.
    isPlain: scheme === "http" && credentials === undefined,
  };
}

const NO_BODY = {
  bytes: new Uint8Array(),
  canRepeat: true,
  read: (): Promise<Uint8Array> => Promise.resolve(new Uint8Array()),
};
