import type { Duplex } from "node:stream";
import { FairleadError, TlsError, type ErrorFacts } from "@fairlead/core";
import { readUntil } from "@fairlead/transport";
import { alertError } from "../alert-error.ts";
import { ClientHelloReader, type ClientHello, type ClientHelloReading } from "../protocol/client-hello.ts";
import { sendAlert } from "./send-alert.ts";

/**
 * Reads the ClientHello off `below` and puts its bytes back, so that whoever is given the stream next reads it whole. What
 * a client can fill is 64 KiB.
 *
 * @throws TlsError TLS_NOT_SPOKEN, TLS_HANDSHAKE_FAILED (the client is told by an alert), TLS_ALERT_RECEIVED or
 * TLS_CLOSED_IN_HANDSHAKE; the named error that the stream failed with; or the signal's reason.
 */
export function readClientHello(
  below: Duplex,
  { peer, signal }: { readonly peer: string | undefined; readonly signal: AbortSignal | undefined },
): Promise<ClientHello> {
  const reader = new ClientHelloReader();
  const facts: ErrorFacts = { peer, operation: "secure" };
  return readUntil(below, {
    signal,
    take(chunk) {
      reader.add(chunk);
      const { reading } = reader;
      if (reading.type === "need-data") return undefined;
      if (reading.type === "hello") return { answer: reading.hello, rest: reader.bytes };
      if (reading.type === "invalid") sendAlert(below, reading.alert);
      throw refusal(reading, facts);
    },
    failure: (error) => closedInHandshake(error, facts),
  });
}

/** Names what a stream broke off with; what has a name already keeps it. */
export function closedInHandshake(cause: Error | null | undefined, facts: ErrorFacts): FairleadError {
  if (cause instanceof FairleadError) return cause;
  const detail = cause && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  return new TlsError("TLS_CLOSED_IN_HANDSHAKE", { ...facts, detail, cause: cause ?? undefined });
}

function refusal(
  reading: Exclude<ClientHelloReading, { readonly type: "hello" | "need-data" }>,
  facts: ErrorFacts,
): TlsError {
  switch (reading.type) {
    case "alert":
      return alertError(reading.description, { side: "server", sentCertificate: false }, facts);
    case "not-tls":
      return new TlsError("TLS_NOT_SPOKEN", facts);
    case "invalid":
      return new TlsError("TLS_HANDSHAKE_FAILED", { ...facts, detail: reading.detail });
  }
}
