import assert from "node:assert/strict";
import { test } from "node:test";
import { relayFailureOf } from "@fairlead/http/relay";

const table: readonly [code: string, phase: string | undefined, status: number, type: string][] = [
  ["CONNECTION_REFUSED", undefined, 502, "connection_refused"],
  ["SOCKET_NOT_FOUND", undefined, 502, "connection_refused"],
  ["CONNECTION_RESET", undefined, 502, "connection_terminated"],
  ["NAME_NOT_FOUND", undefined, 502, "dns_error"],
  ["TIMED_OUT", "connect", 504, "connection_timeout"],
  ["TIMED_OUT", "secure", 504, "connection_timeout"],
  ["TIMED_OUT", "response", 504, "http_response_timeout"],
  ["CERTIFICATE_EXPIRED", undefined, 502, "tls_certificate_error"],
  ["TLS_NOT_SPOKEN", undefined, 502, "tls_protocol_error"],
  ["CLIENT_CERTIFICATE_REQUIRED", undefined, 502, "tls_protocol_error"],
  ["RESPONSE_MALFORMED", undefined, 502, "http_protocol_error"],
  ["RESPONSE_TRUNCATED", undefined, 502, "http_response_incomplete"],
  ["CONNECTION_LIMIT", undefined, 503, "connection_limit_reached"],
  ["RELAY_LOOP", undefined, 502, "proxy_loop_detected"],
  ["SOMETHING_ELSE", undefined, 502, "connection_terminated"],
];
for (const [code, phase, status, type] of table) {
  test(`${code}${phase === undefined ? "" : ` (${phase})`} is ${String(status)} with ${type}, RFC 9209 section 2.3`, () => {
    assert.deepEqual(relayFailureOf({ code }, phase), { status, type });
  });
}
