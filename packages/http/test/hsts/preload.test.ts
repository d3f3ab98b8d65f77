import {
  decodeHstsEntry,
  encodeHstsEntry,
  encodePreloadExemption,
  isPreloadExemption,
  mayBePreloaded,
} from "@fairlead/http/hsts";
import assert from "node:assert/strict";
import { describe, test } from "node:test";

describe("a preload list speaks for names of the public DNS alone", () => {
  for (const name of ["example.com", "A.B.Example.COM.", "xn--bcher-kva.de", "local.de", "test.dev", "1.2.3.de"]) {
    test(`it may for ${name}`, () => assert.equal(mayBePreloaded(name), true));
  }
  const others = ["127.0.0.1", "[::1]", "", ".", "localhost", "dev", "dev.", "intranet"];
  const specialUse = ["a.localhost", "a.test", "a.example", "a.invalid", "printer.local", "printer.LOCAL.", "x.onion"];
  for (const name of [...others, ...specialUse, "x.alt", "x.internal", "router.home.arpa"]) {
    test(`it does not for ${JSON.stringify(name)}`, () => assert.equal(mayBePreloaded(name), false));
  }
});

test("an exemption from the list is no entry, and nothing else is an exemption", () => {
  assert.equal(isPreloadExemption(encodePreloadExemption()), true);
  assert.equal(decodeHstsEntry(encodePreloadExemption()), undefined);
  assert.equal(isPreloadExemption(encodeHstsEntry({ includeSubDomains: false })), false);
  assert.equal(isPreloadExemption(new Uint8Array(encodePreloadExemption().length)), false);
  assert.equal(isPreloadExemption(new Uint8Array()), false);
});
