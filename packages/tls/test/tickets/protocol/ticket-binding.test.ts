import assert from "node:assert/strict";
import { test } from "node:test";
import { ticketBinding, type TicketBindingFacts } from "../../../src/index.ts";

const facts: TicketBindingFacts = {
  backend: { name: "node", library: { name: "OpenSSL", version: "3.5.8" } },
  host: "a.test",
  port: 443,
  serverName: "a.test",
  alpnProtocols: ["h2", "http/1.1"],
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.3",
  groups: undefined,
  ciphers: undefined,
  verification: "full",
  trust: "11",
  identity: undefined,
};

const different: readonly Partial<TicketBindingFacts>[] = [
  { backend: { name: "gnutls", library: { name: "OpenSSL", version: "3.5.8" } } },
  { backend: { name: "node", library: { name: "GnuTLS", version: "3.5.8" } } },
  { backend: { name: "node", library: { name: "OpenSSL", version: "3.5.9" } } },
  { host: "b.test" },
  { port: 8443 },
  { serverName: "b.test" },
  { serverName: undefined },
  { alpnProtocols: ["http/1.1", "h2"] },
  { alpnProtocols: ["h2,http/1.1"] },
  { alpnProtocols: [] },
  { minVersion: "TLSv1.3" },
  { maxVersion: "TLSv1.2" },
  { groups: ["x25519"] },
  { ciphers: ["AES_256_GCM"] },
  { verification: "none" },
  { trust: "22" },
  { identity: "33" },
];
for (const change of different) {
  test(`another ${JSON.stringify(change)} is another binding`, () => {
    assert.notEqual(ticketBinding({ ...facts, ...change }), ticketBinding(facts));
  });
}

test("every fact takes part", () => {
  const changed = new Set(different.flatMap((change) => Object.keys(change)));
  assert.deepEqual(changed, new Set(Object.keys(facts)));
});

test("case and trailing dot of the host make no difference", () => {
  assert.equal(ticketBinding({ ...facts, host: "A.Test.", serverName: "A.TEST" }), ticketBinding(facts));
});

test("values cannot run into each other", () => {
  assert.notEqual(
    ticketBinding({ ...facts, trust: '1","2', identity: "3" }),
    ticketBinding({ ...facts, trust: "1", identity: '2","3' }),
  );
});
