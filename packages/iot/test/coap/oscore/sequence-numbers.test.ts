import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openOscoreContext, withOscore } from "@fairlead/iot/coap";
import { openStore, type Store } from "@fairlead/store";
import { SequenceNumbers } from "../../../src/coap/oscore/sequence-numbers.ts";
import { clientParameters } from "./context-pair.ts";

const open = async (store: Store, step = 10): Promise<SequenceNumbers> => {
  const { sequenceNumbers } = await SequenceNumbers.open({ store, key: "context", step, peer: "OSCORE peer 02" });
  return sequenceNumbers;
};
const collectionOf = (store: Store): ReturnType<Store["collection"]> =>
  store.collection("oscore", { maxEntries: 100_000, secret: true });
const keep = (store: Store, value: string): void => {
  collectionOf(store).set("context", new TextEncoder().encode(value));
};

describe("sender sequence numbers (RFC 8613 section 7.2.1, appendix B.1.1)", () => {
  test("begin at 0, and are given out once each, however many ask at the same time", async () => {
    const numbers = await open(await openStore("memory:"));
    const given = await Promise.all(Array.from({ length: 25 }, () => numbers.next()));
    assert.deepEqual(
      given.sort((one, other) => one - other),
      Array.from({ length: 25 }, (_, number) => number),
    );
  });

  test("are never given out again after a crash, wherever it comes", async () => {
    const store = await openStore("memory:");
    const given = new Set<number>();
    for (let crash = 0; crash < 30; crash += 1) {
      const numbers = await open(store);
      for (let count = 0; count < crash; count += 1) {
        const number = await numbers.next();
        assert.ok(!given.has(number), `${number} was used before`);
        given.add(number);
      }
    }
  });

  test("are given out only when the store has them as used", async () => {
    const store = await openStore("memory:");
    const flushed = Promise.withResolvers<undefined>();
    let isSlow = false;
    const numbers = await open({ ...bound(store), flush: () => (isSlow ? flushed.promise : store.flush()) });
    isSlow = true;
    let given: number | undefined;
    const asked = numbers.next().then((number) => {
      given = number;
    });
    await new Promise(setImmediate);
    assert.equal(given, undefined);
    flushed.resolve(undefined);
    await asked;
    assert.equal(given, 0);
  });

  test("are not given out when the store cannot write", async () => {
    const store = await openStore("memory:");
    let isBroken = false;
    const flush = (): Promise<void> => (isBroken ? Promise.reject(new Error("disk full")) : store.flush());
    const numbers = await open({ ...bound(store), flush });
    isBroken = true;
    await assert.rejects(numbers.next(), { message: "disk full" });
    isBroken = false;
    assert.equal(await numbers.next(), 0);
  });

  test("end at 2^40 - 1", async () => {
    const store = await openStore("memory:");
    keep(store, JSON.stringify({ reserved: 2 ** 40 - 2, owner: "" }));
    const numbers = await open(store);
    assert.deepEqual([await numbers.next(), await numbers.next()], [2 ** 40 - 2, 2 ** 40 - 1]);
    await assert.rejects(numbers.next(), { code: "OSCORE_SEQUENCE_EXHAUSTED" });
    const later = await open(store);
    await assert.rejects(later.next(), { code: "OSCORE_SEQUENCE_EXHAUSTED" });
  });

  test("are refused to whoever opened the context before another did", async () => {
    const store = await openStore("memory:");
    const first = await open(store, 2);
    assert.deepEqual([await first.next(), await first.next()], [0, 1]);
    const second = await open(store, 2);
    assert.equal(await second.next(), 2);
    await assert.rejects(first.next(), { code: "OSCORE_CONTEXT_TAKEN" });
    assert.equal(await second.next(), 3);
  });

  for (const value of [
    "",
    "{",
    "null",
    "{}",
    '{"reserved":-1.5,"owner":"a"}',
    '{"reserved":-1,"owner":"a"}',
    '{"reserved":1}',
  ]) {
    test(`are not begun anew where the record is damaged: ${JSON.stringify(value)}`, async () => {
      const store = await openStore("memory:");
      keep(store, value);
      await assert.rejects(open(store), { code: "STORE_CORRUPT" });
    });
  }

  test("are not begun where there is no room to remember them", async () => {
    const store = await openStore("memory:");
    store.collection("oscore", { maxEntries: 200_000, secret: true });
    const collection = collectionOf(store);
    for (let count = 0; count < 100_000; count += 1) collection.set(String(count), Uint8Array.of(1));
    await assert.rejects(open(store), { code: "OSCORE_STORE_FULL" });
  });

  test("are kept for each context by itself, under a name that tells nothing", async () => {
    const store = await openStore("memory:");
    for (const changes of [
      {},
      { recipientId: Uint8Array.of(3) },
      { idContext: Uint8Array.of(1) },
      { masterSecret: new Uint8Array(16) },
    ]) {
      const context = await openOscoreContext({ ...clientParameters, ...changes }, { store, sequenceNumberStep: 5 });
      const ask = withOscore(context)(({ options }) =>
        Promise.reject(new Error(Buffer.from(options[0]?.value ?? []).toString("hex"))),
      );
      // Each begins at 0.
      await assert.rejects(ask({ code: "0.01", options: [], payload: new Uint8Array(0) }), /^Error: (09|19)00/);
    }
    const keys = [...collectionOf(store).entries()].map(({ key }) => key);
    assert.equal(new Set(keys).size, 4);
    for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
  });
});

/** A store whose methods still know their store when one of them is replaced. */
function bound(store: Store): Store {
  return {
    url: store.url,
    collection: store.collection.bind(store),
    collectionNames: store.collectionNames.bind(store),
    flush: store.flush.bind(store),
    rotateKey: store.rotateKey.bind(store),
    sealBeside: store.sealBeside.bind(store),
    close: store.close.bind(store),
    [Symbol.asyncDispose]: store[Symbol.asyncDispose].bind(store),
  };
}
