import type { CodedError } from "@fairlead/core";

/** What a gateway answers in place of a response that it did not get. */
export interface RelayFailure {
  readonly status: 502 | 503 | 504;
  /** One of the types of RFC 9209 section 2.3, for the `error` parameter of Proxy-Status. */
  readonly type: string;
}

/**
 * Names why no response came, by the error of whoever asked for one.
 *
 * @param phase of a TimeoutError.
 * @see RFC 9209 section 2.3, RFC 9110 sections 15.6.3 to 15.6.5
 */
export function relayFailureOf({ code }: Pick<CodedError, "code">, phase?: string): RelayFailure {
  if (code === "TIMED_OUT") {
    return {
      status: 504,
      type: phase === "connect" || phase === "secure" ? "connection_timeout" : "http_response_timeout",
    };
  }
  const type = code.startsWith("CERTIFICATE_")
    ? "tls_certificate_error"
    : SECURING.test(code)
      ? "tls_protocol_error"
      : undefined;
  return FAILURES.get(code) ?? { status: 502, type: type ?? "connection_terminated" };
}

const SECURING = /^(?:TLS|CLIENT_CERTIFICATE)_/;

const FAILURES: ReadonlyMap<string, RelayFailure> = new Map<string, RelayFailure>([
  ["CONNECTION_REFUSED", { status: 502, type: "connection_refused" }],
  ["SOCKET_NOT_FOUND", { status: 502, type: "connection_refused" }],
  ["PERMISSION_DENIED", { status: 502, type: "connection_refused" }],
  ["CONNECTION_RESET", { status: 502, type: "connection_terminated" }],
  ["CONNECTION_TIMED_OUT", { status: 504, type: "connection_timeout" }],
  ["HOST_UNREACHABLE", { status: 502, type: "destination_ip_unroutable" }],
  ["NETWORK_UNREACHABLE", { status: 502, type: "destination_ip_unroutable" }],
  ["NAME_NOT_FOUND", { status: 502, type: "dns_error" }],
  ["NAME_LOOKUP_FAILED", { status: 502, type: "dns_error" }],
  ["CONNECTION_LIMIT", { status: 503, type: "connection_limit_reached" }],
  ["RELAY_LOOP", { status: 502, type: "proxy_loop_detected" }],
  ["RESPONSE_MISSING", { status: 502, type: "connection_terminated" }],
  ["RESPONSE_MALFORMED", { status: 502, type: "http_protocol_error" }],
  ["RESPONSE_TRUNCATED", { status: 502, type: "http_response_incomplete" }],
  ["RESPONSE_HEADERS_TOO_LARGE", { status: 502, type: "http_response_header_section_size" }],
]);
