import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeTls } from "@fairlead/tls/node";
import { probeCapabilities } from "../../src/capabilities/probe.ts";

test("a backend that fails has no capabilities, and one that hangs has none either", async () => {
  const broken = { ...nodeTls, connect: () => Promise.reject(new Error("broken")) };
  const hanging = { ...nodeTls, accept: () => new Promise<never>(() => undefined) };
  for (const backend of [broken, hanging]) {
    const found = await probeCapabilities(backend, 50);
    assert.deepEqual(
      Object.values(found).filter((each) => each !== false && !isEmpty(each)),
      [],
    );
  }
});

test("a backend that ignores an option is not believed", async () => {
  const { connect, accept } = { connect: nodeTls.connect.bind(nodeTls), accept: nodeTls.accept.bind(nodeTls) };
  const careless = {
    ...nodeTls,
    connect: (...[below, options]: Parameters<typeof connect>) =>
      connect(below, {
        ...options,
        groups: undefined,
        ciphers: undefined,
        alpnProtocols: undefined,
        minVersion: "TLSv1.3",
        maxVersion: "TLSv1.3",
      }),
    accept: (...[below, options]: Parameters<typeof accept>) =>
      accept(below, {
        ...options,
        groups: undefined,
        ciphers: undefined,
        minVersion: "TLSv1.2",
        maxVersion: "TLSv1.3",
      }),
  };
  const found = await probeCapabilities(careless);
  assert.deepEqual(found.versions, ["TLSv1.3"]);
  assert.deepEqual(found.groups, []);
  // What is chosen anyway.
  assert.deepEqual(found.ciphers, ["AES_256_GCM"]);
  assert.equal(found.alpn, false);
});

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
