import { certificateMatchesHost, type TlsSocket } from "@fairlead/tls";
import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { NO_TERMS, termsKey } from "../../agreement/connection-terms.ts";
import type { Forgetful } from "../../forget/scope.ts";
import type { NameCache } from "../../names/name-cache.ts";
import { originKey, type Partition } from "../../partition.ts";
import { DIRECT } from "../../route/route.ts";
import type { Target } from "../../target.ts";
import type { ConnectRequest } from "../connect-request.ts";
import type { Connector, OpenedConnection } from "../connector.ts";
import type { SharedConnection } from "./shared-connection.ts";

/** An open connection that may serve other origins, and what decides which. */
interface Offer {
  readonly connection: SharedConnection;
  readonly opened: OpenedConnection;
  readonly certificate: X509Certificate;
  readonly port: number;
  readonly address: string;
  readonly partition: Partition;
}

/** Connections that are offered at once; past this further ones serve their own origin alone. */
const OFFERS_LIMIT = 1_000;
/** Origins that are remembered to want a connection of their own; past this all are forgotten. */
const MISDIRECTED_LIMIT = 10_000;

/**
 * Has origins share connections of HTTP/2. One serves another origin where its server has shown, verified and without
 * exception, a certificate for that host; where the host has the same address, and the port is the same; within one
 * partition, on the direct way, and never once the client has said who it is.
 *
 * @see RFC 9113 section 9.1.1
 */
export class Coalescing implements Forgetful {
  readonly #connect: Connector;
  readonly #names: NameCache;
  readonly #offers = new Set<Offer>();
  /** Origins that were answered with 421. RFC 9110 section 15.5.20. */
  readonly #misdirected = new Set<string>();

  constructor(connect: Connector, names: NameCache) {
    this.#connect = connect;
    this.#names = names;
  }

  /** Joins a connection that is there, or opens one, and offers it to others where it may serve them. */
  readonly connector: Connector = async (request) => {
    const joined = await this.#join(request);
    if (joined !== undefined) {
      const { stream, facts, protocol } = joined.opened;
      const { terms } = request;
      return {
        stream,
        facts,
        terms,
        protocol,
        isEarly: false,
        sharing: { type: "joins", connection: joined.connection },
      };
    }
    const opened = await this.#connect(request);
    if (opened.protocol !== "h2" || !mayCoalesce(request)) return opened;
    const offer = (connection: SharedConnection): void => {
      this.#offer(connection, opened, request);
    };
    return Object.assign(opened, { sharing: { type: "offers", offer } as const });
  };

  /** The server does not answer for this origin on another's connection: it gets one of its own, from now on. */
  separate(target: Target, partition: Partition): void {
    if (this.#misdirected.size >= MISDIRECTED_LIMIT) this.#misdirected.clear();
    this.#misdirected.add(originKey(target, partition));
    for (const { connection, partition: theirs } of this.#offers) {
      if (theirs === partition) connection.dismiss(target.origin);
    }
  }

  /** All: whoever joined an open connection now would be known by it. */
  forgetWithin(): number {
    this.#misdirected.clear();
    this.#offers.clear();
    return 0;
  }

  #offer(connection: SharedConnection, opened: OpenedConnection, { target, partition }: ConnectRequest): void {
    // What h2 is spoken on is always TLS.
    const socket = opened.stream as TlsSocket;
    const address = opened.facts.remoteAddress;
    if (opened.isEarly || address === undefined || !socket.authorized) return;
    if (opened.facts.tls?.clientIdentity !== undefined || termsKey(opened.terms) !== "") return;
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined || this.#offers.size >= OFFERS_LIMIT) return;
    const offer: Offer = { connection, opened, certificate, port: target.port, address, partition };
    this.#offers.add(offer);
    socket.once("close", () => {
      this.#offers.delete(offer);
    });
  }

  async #join(request: ConnectRequest): Promise<Offer | undefined> {
    const { target, partition } = request;
    if (!mayCoalesce(request) || this.#misdirected.has(originKey(target, partition))) return undefined;
    const offers = [...this.#offers].filter((offer) => covers(offer, request));
    if (offers.length === 0) return undefined;
    let addresses: readonly string[];
    try {
      ({ addresses } = await this.#names.find(target.host, partition));
    } catch {
      // Whoever connects asks again, and tells.
      return undefined;
    }
    request.signal.throwIfAborted();
    return offers.find(({ connection, address, opened }) => {
      const { stream } = opened;
      return connection.isOpen && !stream.destroyed && stream.writable && addresses.includes(address);
    });
  }
}

/** Whether a connection for this request may be another origin's, or become that. */
function mayCoalesce({ target, route, unverified, terms, protocols }: ConnectRequest): boolean {
  return (
    protocols?.includes("h2") === true &&
    !unverified &&
    route === DIRECT &&
    termsKey(terms) === termsKey(NO_TERMS) &&
    isIP(target.host) === 0
  );
}

/** The certificate is judged again for each host; a date may have passed since it was. */
function covers({ certificate, port, partition }: Offer, { target, partition: theirs }: ConnectRequest): boolean {
  return (
    port === target.port &&
    partition === theirs &&
    certificate.validToDate.getTime() > Date.now() &&
    certificateMatchesHost(certificate, target.host)
  );
}
