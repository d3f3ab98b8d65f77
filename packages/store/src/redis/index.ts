import { StoreError } from "@fairlead/core";
import type { OpenStoreOptions, Store } from "../contract.ts";
import { openRecordStore } from "../open-record-store.ts";
import { RedisBackend } from "./backend.ts";
import { loadClient } from "./client-module.ts";
import { Connector } from "./connector.ts";
import { openError } from "./engine-error.ts";
import { isLocal, parseRedisUrl, type RedisLocation } from "./location.ts";

export type { RedisDangerousOptions, RedisOptions, RedisTlsOptions } from "./redis-options.ts";

const defaultAnswerMilliseconds = 5_000;

/**
 * Opens a store in Redis or Valkey, that many machines can share.
 *
 * @throws StoreError STORE_URL_INVALID, STORE_UNREACHABLE, STORE_OPEN_FAILED, STORE_NEWER, STORE_KEY_REQUIRED,
 * STORE_KEY_INVALID, STORE_KEY_UNAVAILABLE, STORE_KEY_WRONG; or the signal's reason.
 */
export async function openRedisStore(url: string, options: OpenStoreOptions = {}): Promise<Store> {
  const location = parseRedisUrl(url);
  const { redis = {} } = options;
  const { answerMilliseconds = defaultAnswerMilliseconds, signal } = redis;
  signal?.throwIfAborted();
  refuseEavesdroppers(location, options);
  const connector = new Connector(await loadClient(location.url), location, redis, answerMilliseconds);
  const backend = new RedisBackend(connector, location, options, answerMilliseconds);
  try {
    await backend.open(signal);
  } catch (cause) {
    signal?.throwIfAborted();
    const error = openError(location.url, cause);
    // Nobody can tell whether the key is the right one before the store says what it is sealed with.
    const mayWait = redis.startOffline === true && options.key === undefined;
    if (!mayWait || error.code !== "STORE_UNREACHABLE") throw error;
    backend.openLater(error);
  }
  return openRecordStore(location.url, backend, options);
}

/** Whoever is on the way could read what is remembered, and write it: to another machine it goes by TLS, or sealed. */
function refuseEavesdroppers({ url, route, tls }: RedisLocation, { key, redis }: OpenStoreOptions): void {
  if (tls || isLocal(route) || key !== undefined || redis?.dangerous?.unencryptedConnection === true) return;
  throw new StoreError("STORE_OPEN_FAILED", {
    peer: url,
    operation: "open",
    detail: "the connection to another machine is not encrypted",
    remedy: "use rediss://, or give the store a key that seals what it sends",
  });
}
