import type { Duplex } from "node:stream";
import { ProtocolError, TransportError } from "@fairlead/core";
import { readUntil } from "@fairlead/transport";
import { readProxyHead, type ProxyHead } from "@fairlead/transport/proxy-protocol";
import type { ConnectionFacts } from "../exchange/index.ts";

/** Whose heads of the PROXY protocol are read. */
export interface ProxyProtocolOptions {
  /** Subnets and addresses of load balancers, and `unix` for Unix sockets; from all others a head is refused. */
  readonly from: readonly string[];
  /**
   * Whether they always send one; true by default. With `false` they may do without, and clients that reach the server
   * through them in another way can speak for others.
   */
  readonly required?: boolean | undefined;
  /** From the connection to the end of the head; 5,000 by default. */
  readonly timeoutMilliseconds?: number | undefined;
}

/**
 * Takes the head of a trusted sender off the stream, and leaves what follows in it.
 *
 * @returns `undefined` where it sent none, and need not.
 * @throws ProtocolError PROXY_PROTOCOL_INVALID; TransportError STREAM_CLOSED when it says nothing at all; the stream's
 * error; or the signal's reason.
 */
export function takeProxyHead(
  stream: Duplex,
  {
    required,
    peer,
    signal,
  }: { readonly required: boolean; readonly peer: string | undefined; readonly signal: AbortSignal },
): Promise<ProxyHead | undefined> {
  const facts = { peer, operation: "accept" };
  let read: Buffer = Buffer.alloc(0);
  return readUntil<ProxyHead | undefined>(stream, {
    signal,
    take(chunk) {
      read = read.length === 0 ? chunk : Buffer.concat([read, chunk]);
      const reading = readProxyHead(read);
      switch (reading.type) {
        case "need-data":
          return undefined;
        case "head":
          return { answer: reading.head, rest: read.subarray(reading.length) };
        case "none":
          if (!required) return { answer: undefined, rest: read };
          throw new ProtocolError("PROXY_PROTOCOL_INVALID", { ...facts, detail: "there is none" });
        case "invalid":
          throw new ProtocolError("PROXY_PROTOCOL_INVALID", { ...facts, detail: reading.detail });
      }
    },
    failure(error) {
      if (error !== undefined) return error;
      return read.length === 0
        ? new TransportError("STREAM_CLOSED", facts)
        : new ProtocolError("PROXY_PROTOCOL_INVALID", { ...facts, detail: "it is cut short" });
    },
  });
}

/** Who the client is, in the place of who sent the head. */
export function withProxyHead(facts: ConnectionFacts, head: ProxyHead): ConnectionFacts {
  const { remote: proxy } = facts;
  switch (head.ends.type) {
    case "own":
      return { ...facts, proxy, proxyHead: head };
    case "unix":
      return { ...facts, remote: undefined, local: undefined, proxy, proxyHead: head };
    case "addresses": {
      const { source: remote, destination: local } = head.ends;
      return { ...facts, remote, local, proxy, proxyHead: head };
    }
  }
}

/** Whether somebody begins with a head where none is read, as far as the first bytes tell. */
export function isProxyHead(first: Uint8Array): boolean {
  // `PROPFIND` may come in pieces as well.
  return first.length >= enoughBytes && readProxyHead(first).type !== "none";
}

/** `PROXY ` */
const enoughBytes = 6;
