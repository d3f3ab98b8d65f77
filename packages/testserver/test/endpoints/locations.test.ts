import assert from "node:assert/strict";
import { locationFamily } from "../../src/endpoints/locations.ts";
import { type Check, describeFamily, type Peer } from "./describe-family.ts";

describeFamily(locationFamily, {
  "/location/missing?code=302": sends("missing", () => []),
  "/location/empty?code=302": sends("empty", () => [""]),
  "/location/unparsable?code=302": sends("unparsable", () => ["http://[::1/echo"]),
  "/location/no-host?code=302": sends("no-host", () => ["http://"]),
  "/location/bad-port?code=302": sends("bad-port", () => ["http://localhost:65536/"]),
  "/location/relative?code=302": sends("relative", () => ["../echo?from=relative"]),
  "/location/query-only?code=302": sends("query-only", () => ["?code=200"]),
  "/location/scheme-relative?code=302": sends("scheme-relative", () => ["//localhost/echo"]),
  "/location/fragment?code=302": sends("fragment", () => ["/echo#part"]),
  "/location/user-info?code=302": sends("user-info", ({ scheme }) => [`${scheme}://user:secret@localhost/echo`]),
  "/location/javascript?code=302": sends("javascript", () => ["javascript:alert(1)"]),
  "/location/data?code=302": sends("data", () => ["data:text/plain,hello"]),
  "/location/file?code=302": sends("file", () => ["file:///etc/hostname"]),
  "/location/ftp?code=302": sends("ftp", () => ["ftp://localhost/echo"]),
  "/location/upper-case?code=302": sends("upper-case", ({ scheme }) => [`${scheme.toUpperCase()}://LOCALHOST/echo`]),
  "/location/backslash?code=302": sends("backslash", () => ["\\echo?from=backslash"]),
  "/location/space?code=302": sends("space", () => ["/echo?from=a b"]),
  "/location/utf8?code=302": sends("utf8", () => ["/echo?from=\xc3\xa9"]),
  "/location/latin1?code=302": sends("latin1", () => ["/echo?e=\xe9"]),
  "/location/two?code=302": sends("two", () => ["/echo?from=first", "/echo?from=second"]),
  "/location/nul?code=302": sends("nul", () => ["/echo?from=a\0b"]),
  "/location/control?code=302": sends("control", () => ["/echo?from=a\x01\x1fb"]),
  "/location/cr?code=302": sends("cr", () => ["/echo?from=a\rSet-Cookie: injected=1"]),
});

/** A check that exactly these Location fields come, with 302 and with the status asked for. */
function sends(name: string, expected: (peer: Peer) => readonly string[]): Check {
  return async (peer) => {
    const response = await peer.get(`/location/${name}`);
    assert.equal(response.status, 302);
    assert.deepEqual(response.field("location"), expected(peer));
    assert.equal((await peer.get(`/location/${name}?code=308`)).status, 308);
  };
}
