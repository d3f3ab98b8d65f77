import { openNetworkAccessManager, prometheusText } from "@fairlead/access";
import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { parseExposition } from "./exposition.ts";

const fixture = networkFixture();

for (const format of ["prometheus", "openmetrics"] as const) {
  describe(`a page of ${format}`, () => {
    test("is read by a strict parser, and says what was counted", async () => {
      await using manager = await fixture.open();
      await (await manager.request(`${fixture.network.https.origin}/bytes/1000`)).bytes();
      await assert.rejects(manager.request("http://127.0.0.1:1/"));
      const families = parseExposition(prometheusText(manager.counters(), { format }), format);
      const total = format === "prometheus" ? "_total" : "";
      const value = (name: string, label = "", text = ""): number | undefined =>
        families.get(name + total)?.samples.find(({ labels }) => (labels[label] ?? "") === text)?.value;
      assert.equal(value("fairlead_requests_started"), 2);
      assert.equal(value("fairlead_responses", "status", "2xx"), 1);
      assert.equal(value("fairlead_errors", "code", "CONNECTION_REFUSED"), 1);
      assert.equal(value("fairlead_received_body_bytes"), 1000);
      assert.equal(value("fairlead_tls_handshakes", "session", "full"), 1);
      assert.equal(families.get("fairlead_requests_active")?.type, "gauge");
      assert.equal(families.get("fairlead_request_duration_seconds")?.samples.at(-1)?.value, 2);
    });

    test("escapes labels, whatever they hold", async () => {
      await using manager = await openNetworkAccessManager();
      const counters = manager.counters();
      fc.assert(
        fc.property(fc.string({ unit: fc.constantFrom("\\", '"', "\n", "{", "}", ",", "=", "a", "é") }), (service) => {
          const families = parseExposition(prometheusText(counters, { format, labels: { service } }), format);
          for (const { samples } of families.values()) {
            for (const { labels } of samples) assert.equal(labels["service"], service);
          }
        }),
      );
    });
  });
}

test("a label that cannot be is refused", async () => {
  await using manager = await openNetworkAccessManager();
  for (const name of ["1a", "a-b", "", "__name__", "le", "code", 'a="b"\n']) {
    assert.throws(() => prometheusText(manager.counters(), { labels: { [name]: "x" } }), { code: "OPTION_INVALID" });
  }
});

test("no sample names a host", async () => {
  await using manager = await fixture.open();
  await (await manager.request(`${fixture.network.https.origin}/bytes/1`)).bytes();
  assert.doesNotMatch(prometheusText(manager.counters()), /fairlead\.test|127\.0\.0\.1/);
});
