import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseAlpn, encodeAlpn } from "../../src/protocol/alpn.ts";

test("a list of protocols is written with the length of each (RFC 7301 section 3.1)", () => {
  assert.deepEqual(Buffer.from(encodeAlpn(["h2", "http/1.1"])).toString("latin1"), "\x02h2\x08http/1.1");
  assert.deepEqual(encodeAlpn([]), new Uint8Array());
});

test("a server chooses by its own order (RFC 7301 section 3.2)", () => {
  const offered = encodeAlpn(["a", "bb", "h2"]);
  assert.deepEqual(chooseAlpn(["h2", "a"], offered), { offset: 6, length: 2 });
  assert.deepEqual(chooseAlpn(["bb"], offered), { offset: 3, length: 2 });
  assert.equal(chooseAlpn(["b", "hh"], offered), "none");
  assert.equal(chooseAlpn([], offered), "not-asked");
});

test("a list that is cut or lies about its lengths chooses nothing that is not there", () => {
  for (const bytes of [[], [0], [5, 0x61], [1], [255, 1, 0x61]]) {
    assert.equal(chooseAlpn(["a"], Uint8Array.from(bytes)), "none");
  }
});
