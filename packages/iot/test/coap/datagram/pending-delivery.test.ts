import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PendingDelivery } from "../../../src/coap/datagram/pending-delivery.ts";

describe("a delivery", () => {
  test("settles once, whether it is asked for before or behind its end", async () => {
    for (const asksFirst of [true, false]) {
      const delivered = new PendingDelivery("respond");
      const failed = new PendingDelivery("ping");
      const early = asksFirst ? [delivered.promise, failed.promise] : [];
      delivered.resolve();
      delivered.reject(new Error("too late"));
      failed.reject(new Error("gone"));
      failed.resolve();
      await Promise.allSettled(early);
      await delivered.promise;
      await assert.rejects(failed.promise, { message: "gone" });
    }
  });
});
