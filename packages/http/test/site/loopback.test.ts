import { isLoopbackHost } from "@fairlead/http/site";
import assert from "node:assert/strict";
import { test } from "node:test";

test("a host is this machine by its address, or by a name that may mean nothing else (RFC 6761 section 6.3)", () => {
  for (const host of ["localhost", "app.localhost", "127.0.0.1", "127.255.0.9", "[::1]"]) {
    assert.equal(isLoopbackHost(new URL(`http://${host}/`).hostname), true, host);
  }
  for (const host of [
    "a.example",
    "localhost.example",
    "127.0.0.1.example",
    "128.0.0.1",
    "[::2]",
    "[::ffff:127.0.0.1]",
  ]) {
    assert.equal(isLoopbackHost(new URL(`http://${host}/`).hostname), false, host);
  }
});
