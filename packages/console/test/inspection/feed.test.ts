import assert from "node:assert/strict";
import { test } from "node:test";
import { Feed } from "../../src/inspection/feed.ts";
import type { ConsoleEvent } from "../../src/protocol/index.ts";
import { fakeHello, fakeListed } from "../fake/fake-transaction.ts";

/** What a listener is told up to `told-all`, of so many transactions. @param during is called with each part that is told */
async function toldAtFirst(
  count: number,
  during: (feed: Feed, events: readonly ConsoleEvent[]) => void = () => undefined,
): Promise<readonly ConsoleEvent[]> {
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const feed = new Feed({
    snapshot: () => ({ events: [fakeHello], transactions: ids }),
    transaction: (id) => (id % 100 === 7 ? undefined : fakeListed(id)),
  });
  const told: ConsoleEvent[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const subscription = feed.subscribe((events) => {
    told.push(...events);
    during(feed, events);
    if (events.some(({ type }) => type === "told-all")) resolve(undefined);
  });
  await promise;
  subscription[Symbol.dispose]();
  return told;
}

const idsOf = (events: readonly ConsoleEvent[]): readonly number[] =>
  events.flatMap((event) => (event.type === "transactions" ? event.transactions.map(({ id }) => id) : []));

test("a listener hears when it was told all that there was, and hears it once", async () => {
  for (const count of [0, 1, 199, 200, 201, 450]) {
    const told = await toldAtFirst(count);
    assert.equal(told[0], fakeHello);
    assert.equal(told.at(-1)?.type, "told-all");
    assert.equal(told.filter(({ type }) => type === "told-all").length, 1);
    const there = Array.from({ length: count }, (_, index) => index + 1).filter((id) => id % 100 !== 7);
    assert.deepEqual(idsOf(told), there, `of ${count}`);
  }
});

test("a listener hears it, too, where more happens than it is told at once", async () => {
  let last = 450;
  const told = await toldAtFirst(450, (feed) => {
    for (let more = 0; more < 500; more += 1) feed.transactionChanged((last += 1));
    feed.transactionChanged(440);
  });
  const ids = idsOf(told);
  for (let id = 1; id <= 450; id += 1) assert.equal(ids.includes(id), id % 100 !== 7, String(id));
});
