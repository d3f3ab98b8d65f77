import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtocolError, TransportError } from "@fairlead/core";
import { formatPeer, transportErrorFrom } from "../src/index.ts";

const table: readonly (readonly [errno: string, code: string])[] = [
  ["ECONNREFUSED", "CONNECTION_REFUSED"],
  ["ECONNRESET", "CONNECTION_RESET"],
  ["EPIPE", "CONNECTION_RESET"],
  ["EHOSTUNREACH", "HOST_UNREACHABLE"],
  ["ENETUNREACH", "NETWORK_UNREACHABLE"],
  ["ETIMEDOUT", "CONNECTION_TIMED_OUT"],
  ["ENOTFOUND", "NAME_NOT_FOUND"],
  ["EAI_AGAIN", "NAME_LOOKUP_FAILED"],
  ["EADDRINUSE", "ADDRESS_IN_USE"],
  ["EACCES", "PERMISSION_DENIED"],
  ["ENOENT", "SOCKET_NOT_FOUND"],
  ["ERR_STREAM_PREMATURE_CLOSE", "STREAM_CLOSED"],
  ["EMFILE", "TRANSPORT_FAILED"],
  ["EWHATEVER", "TRANSPORT_FAILED"],
];

for (const [errno, code] of table) {
  test(`names ${errno} as ${code} and keeps the cause`, () => {
    const cause = systemError(errno);
    const error = transportErrorFrom(cause, { peer: "a.test:443", operation: "connect" });
    assert.ok(error instanceof TransportError);
    assert.equal(error.code, code);
    assert.equal(error.cause, cause);
    assert.equal(error.peer, "a.test:443");
    assert.match(error.message, new RegExp(`^connect a\\.test:443: .*${errno}.*; .`));
  });
}

test("takes the attempt that came furthest, whatever the order", () => {
  const attempts = [
    systemError("ENETUNREACH", "::1"),
    systemError("ECONNREFUSED", "127.0.0.1"),
    systemError("ETIMEDOUT"),
  ];
  for (const errors of [attempts, attempts.toReversed()]) {
    assert.equal(transportErrorFrom(new AggregateError(errors)).code, "CONNECTION_REFUSED");
  }
});

test("says which address failed, IPv6 in brackets", () => {
  const error = transportErrorFrom(systemError("ECONNREFUSED", "::1"), { peer: "localhost:443" });
  assert.match(error.message, /ECONNREFUSED at \[::1\]:443/);
});

test("passes on an error that is named already", () => {
  const named = new ProtocolError("RESPONSE_MISSING");
  assert.equal(transportErrorFrom(named, { peer: "a.test:443" }), named);
});

for (const [index, thrown] of [
  undefined,
  null,
  "text",
  7,
  {},
  new AggregateError([]),
  new AggregateError([null]),
].entries()) {
  test(`names whatever is thrown (${String(index)})`, () => {
    assert.equal(transportErrorFrom(thrown).code, "TRANSPORT_FAILED");
  });
}

test("formats a peer with IPv6 in brackets", () => {
  assert.deepEqual(
    [formatPeer("a.test", 80), formatPeer("127.0.0.1", 80), formatPeer("::1", 80)],
    ["a.test:80", "127.0.0.1:80", "[::1]:80"],
  );
});

function systemError(code: string, address?: string): Error {
  return Object.assign(new Error(code), { code, ...(address !== undefined && { address, port: 443 }) });
}
