import assert from "node:assert/strict";
import { test } from "node:test";
import { saslMechanisms } from "../../src/amqp/sasl-mechanisms.ts";
import type { BrokerCredentials } from "../../src/messaging/broker-options.ts";

function response(first: BrokerCredentials, now = first): readonly [name: string, text: string] {
  for (const [name, make] of Object.entries(saslMechanisms(first, () => now).sasl_mechanisms ?? {})) {
    const said: string[] = [];
    make().start((_error, bytes) => said.push(bytes.toString()));
    return [name, said.join()];
  }
  return assert.fail("no mechanism");
}

const password = (word: string): BrokerCredentials => ({ type: "password", username: "n\u00e4me", password: word });

test("RFC 4616: PLAIN is the name and the password as UTF-8", () => {
  assert.deepEqual(response(password("p\u00e4ss \u{1f511}")), ["PLAIN", "\0n\u00e4me\0p\u00e4ss \u{1f511}"]);
});

test("a later connection says what was answered for it", () => {
  assert.deepEqual(response(password("first"), password("second")), ["PLAIN", "\0n\u00e4me\0second"]);
});

test("RFC 4422 appendix A: EXTERNAL says nothing but what the certificate says", () => {
  assert.deepEqual(response({ type: "certificate" }), ["EXTERNAL", ""]);
});

test("nobody has no mechanism", () => {
  assert.deepEqual(
    saslMechanisms(undefined, () => undefined),
    {},
  );
});
