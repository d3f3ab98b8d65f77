import type { NetworkAccessManager } from "@fairlead/access";

/** One way of asking. The body is part of it, so that the end of the whole exchange is the end of the promise. */
export type Ask = (manager: NetworkAccessManager, url: string, signal: AbortSignal) => Promise<string>;

const request: Ask = async (manager, url, signal) => (await manager.request(url, { signal })).text();
const fetch: Ask = async (manager, url, signal) => (await manager.fetch(url, { signal })).text();
const requestInTime: Ask = async (manager, url, signal) =>
  (await manager.request(url, { signal, timeoutMilliseconds: 600_000 })).text();

/** All ways, by name. */
export const ways: readonly (readonly [name: string, ask: Ask])[] = [
  ["request", request],
  ["fetch", fetch],
  ["request with a deadline of its own", requestInTime],
];
