import { equal } from "node:assert/strict";
import { test } from "node:test";
import { Patience } from "../src/patience.ts";

test("patience ends with its time", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  using patience = new Patience("a.example:22", 1000);
  t.mock.timers.tick(999);
  equal(patience.signal.aborted, false);
  t.mock.timers.tick(1);
  equal((patience.signal.reason as { phase?: string }).phase, "connect");
});

test("patience stands still while the application is asked, however often, and goes on afterwards", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  using patience = new Patience("a.example:22", 1000);
  const one = Promise.withResolvers<string>();
  const other = Promise.withResolvers<string>();
  const waiting = [patience.while(() => one.promise), patience.while(() => other.promise)];
  t.mock.timers.tick(100_000);
  one.resolve("one");
  equal(await waiting[0], "one");
  t.mock.timers.tick(100_000);
  equal(patience.signal.aborted, false);
  other.resolve("other");
  equal(await waiting[1], "other");
  t.mock.timers.tick(1000);
  equal(patience.signal.aborted, true);
});

test("patience that is disposed of never ends", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const patience = new Patience("a.example:22", 1000);
  patience[Symbol.dispose]();
  t.mock.timers.tick(100_000);
  equal(patience.signal.aborted, false);
});
