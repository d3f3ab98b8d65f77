import type { ConsoleHello, HopDetails, ListedTransaction, TransactionDetails } from "../../src/protocol/index.ts";

/** The moment at which all fakes begin. */
export const fakeStart = Date.UTC(2026, 10, 22, 12, 0, 0);

/** A program that has everything. */
export const fakeHello: ConsoleHello = {
  type: "hello",
  version: "0.1.0",
  program: { name: "weather-station", processId: 4711 },
  isAttached: false,
  canTestNetwork: true,
  canDownload: true,
};

/** A transaction that went well, but for what is told. */
export function fakeListed(id: number, told: Partial<ListedTransaction> = {}): ListedTransaction {
  const url = told.url ?? `https://api.example.com/v1/observations/${id}`;
  return {
    id,
    method: "GET",
    url,
    lastUrl: url,
    state: "done",
    status: 200,
    mediaType: "application/json",
    error: undefined,
    startedAt: fakeStart + id * 120,
    durationMilliseconds: 40 + ((id * 37) % 180),
    receivedBytes: 900 + ((id * 7_919) % 60_000),
    sentBytes: 0,
    reason: "network",
    hopCount: 1,
    protocol: "HTTP/2",
    isOwn: false,
    security: "verified",
    ...told,
  };
}

/** A hop that went well, but for what is told. */
export function fakeHop(told: Partial<HopDetails> = {}): HopDetails {
  return {
    method: "GET",
    url: "https://api.example.com/v1/observations",
    reason: "network",
    status: 200,
    statusText: "OK",
    location: undefined,
    requestFields: [
      ["accept", "application/json"],
      ["authorization", "REDACTED"],
      ["user-agent", "weather-station/2.1"],
    ],
    responseFields: [
      ["content-type", "application/json; charset=utf-8"],
      ["content-length", "5120"],
      ["strict-transport-security", "max-age=31536000; includeSubDomains"],
      ["cache-control", "private, max-age=60"],
    ],
    requestBody: undefined,
    responseBody: { keptBytes: 5_120, mediaType: "application/json" },
    startedAt: fakeStart,
    timing: {
      blocked: 0.4,
      resolve: 6.2,
      connect: 11.8,
      secure: 24.5,
      send: 0.3,
      response: 38.1,
      body: 4.6,
      total: 85.9,
    },
    receivedBytes: 1_824,
    decodedBytes: 5_120,
    sentBytes: 0,
    reused: false,
    remoteAddress: "192.0.2.17:443",
    connectionId: 3,
    protocol: "HTTP/2",
    route: [],
    repeats: [],
    cache: undefined,
    hsts: undefined,
    error: undefined,
    problems: [],
    refusedChain: [],
    refusedStaple: undefined,
    tls: undefined,
    ...told,
  };
}

/** All about a transaction, from what the list says of it. */
export function fakeDetails(
  listed: ListedTransaction,
  hops: readonly HopDetails[] = [fakeHop({ method: listed.method, url: listed.url, status: listed.status })],
  told: Partial<TransactionDetails> = {},
): TransactionDetails {
  return { ...listed, hops, remedy: undefined, errorMessage: undefined, ...told };
}
