import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isOfTheNetwork, parseAuthority } from "../../../src/services/proxies/protocol/target.ts";

describe("the target of a tunnel", () => {
  test("is a host with a port", () => {
    assert.deepEqual(parseAuthority("a.test:443"), { host: "a.test", port: 443 });
    assert.deepEqual(parseAuthority("[::1]:1"), { host: "::1", port: 1 });
    for (const text of [
      "",
      "a.test",
      "a.test:0",
      "a.test:65536",
      "a.test:443/",
      "u@a.test:1",
      "::1:1",
      "[a]:x",
      "a b:1",
    ]) {
      assert.equal(parseAuthority(text), undefined, text);
    }
  });

  test("is reached where it is this machine or a name of the network, and nowhere else", () => {
    for (const host of ["127.0.0.1", "127.9.9.9", "::1", "localhost", "a.localhost", "a.test", "A.TEST.", "test"]) {
      assert.ok(isOfTheNetwork(host), host);
    }
    const others = ["example.com", "a.test.example", "nottest", "0.0.0.0", "10.0.0.1", "127.1", "2130706433", "0x7f.1"];
    for (const host of [...others, "::", "::ffff:10.0.0.1", "169.254.169.254", ""]) {
      assert.ok(!isOfTheNetwork(host), host);
    }
  });
});
