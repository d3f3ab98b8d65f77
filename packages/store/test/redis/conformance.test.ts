import { after, describe } from "node:test";
import { skipWithoutRedis, startRedis, type RedisServer } from "@fairlead/conformance/peers";
import { storeConformance } from "@fairlead/conformance/store";
import { openStore } from "@fairlead/store";

// One server for all of them: each place has a prefix of its own.
let server: Promise<RedisServer> | undefined;
let places = 0;

describe("Redis", { skip: skipWithoutRedis() }, () => {
  after(async () => {
    await (await server)?.[Symbol.asyncDispose]();
  });
  storeConformance("redis", { persistent: true }, () => {
    const prefix = `place-${String(places++)}`;
    return {
      open: async (options) => openStore(`${(await (server ??= startRedis())).url}?prefix=${prefix}`, options),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  });
});
