import { randomBytes } from "node:crypto";
import { after, describe } from "node:test";
import { skipWithoutRedis, startRedis, type RedisServer } from "@fairlead/conformance/peers";
import { storeConformance, type StoreFixture } from "@fairlead/conformance/store";
import { openStore, type OpenStoreOptions } from "@fairlead/store";

// One server for all of them: each place has a prefix of its own.
let server: Promise<RedisServer> | undefined;
let places = 0;

describe("Redis", { skip: skipWithoutRedis() }, () => {
  after(async () => {
    await (await server)?.[Symbol.asyncDispose]();
  });
  storeConformance("redis", { persistent: true }, () => place({}));
  const key = randomBytes(32);
  storeConformance("sealed redis", { persistent: true }, () => place({ key }));
});

function place(general: OpenStoreOptions): StoreFixture {
  const prefix = `place-${String(places++)}`;
  return {
    open: async (options) =>
      openStore(`${(await (server ??= startRedis())).url}?prefix=${prefix}`, { ...options, ...general }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
