import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** Fetches what is at an `http:` URL, at most 64 KiB. Rejects when it cannot, or when the signal fires. */
export type FetchIssuer = (url: URL, signal: AbortSignal) => Promise<Uint8Array>;

/** How issuers are fetched. */
export interface IssuerFetcherOptions {
  /** For all of it, redirects included; 10 s by default. */
  readonly timeoutMilliseconds?: number | undefined;
  /** Resolves a host name to addresses; the system by default. */
  readonly resolve?: ((host: string) => Promise<readonly string[]>) | undefined;
  readonly dangerous?:
    | {
        /** Any server can make this machine send a GET to hosts and ports of the local network, and to itself. */
        readonly allowPrivateAddresses?: boolean | undefined;
      }
    | undefined;
}

/**
 * Makes a fetcher that sends plain GETs with no cookie, credential or referrer, to port 80 of public addresses only: the
 * URL is the choice of a server that nobody has verified yet. The address that was looked at is the one that is
 * connected to.
 */
export function httpIssuerFetcher(options: IssuerFetcherOptions = {}): FetchIssuer {
  const { timeoutMilliseconds = 10_000, resolve = resolveBySystem, dangerous } = options;
  const anywhere = dangerous?.allowPrivateAddresses === true;
  return async (url, signal) => {
    const both = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
    let next = url;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      requireHttp(next, anywhere);
      const address = await abortable(addressOf(next, resolve, anywhere), both);
      const answer = await get(next, address, both);
      if (answer.type === "body") return answer.bytes;
      next = answer.location;
    }
    throw new Error("there are too many redirects");
  };
}

const maxRedirects = 5;
const maxBytes = 65_536;

type Answer =
  | { readonly type: "body"; readonly bytes: Uint8Array }
  | { readonly type: "redirect"; readonly location: URL };

function requireHttp(url: URL, anywhere: boolean): void {
  if (url.protocol !== "http:" || url.username !== "" || url.password !== "")
    throw new Error("it is no plain http URL");
  if (url.port !== "" && !anywhere) throw new Error("the port is not 80");
}

async function addressOf(
  url: URL,
  resolve: (host: string) => Promise<readonly string[]>,
  anywhere: boolean,
): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  // One that is not public makes the whole name suspect.
  const [first] = addresses;
  if (first === undefined || !(anywhere || addresses.every(isPublicAddress))) throw new Error("no public address");
  return first;
}

async function resolveBySystem(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

async function get(url: URL, address: string, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  // Importing it would load the runtime's own fetch, and few servers forget an intermediate.
  const { request } = process.getBuiltinModule("node:http");
  const sent = request({
    host: address,
    port: url.port === "" ? 80 : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, accept: "*/*", "accept-encoding": "identity", connection: "close" },
    agent: false,
    maxHeaderSize: 16_384,
    signal,
  });
  sent.on("error", reject);
  sent.on("response", (response) => {
    readAnswer(response, url).then(resolve, (reason: unknown) => {
      sent.destroy();
      reject(reason instanceof Error ? reason : new Error("the answer cannot be read"));
    });
  });
  sent.end();
  return promise;
}

async function readAnswer(response: IncomingMessage, url: URL): Promise<Answer> {
  const { statusCode = 0, headers } = response;
  if (redirects.has(statusCode)) {
    response.destroy();
    const location = URL.parse(headers.location ?? "", url.href);
    if (headers.location === undefined || location === null) throw new Error("the redirect leads nowhere");
    return { type: "redirect", location };
  }
  if (statusCode !== 200) throw new Error(`the status is ${String(statusCode)}`);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBytes) throw new Error("it is larger than 64 KiB");
    parts.push(part);
  }
  if (!response.complete) throw new Error("it was cut short");
  return { type: "body", bytes: Buffer.concat(parts) };
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A name lookup cannot be called off; at least nobody waits for it. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
  };
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
