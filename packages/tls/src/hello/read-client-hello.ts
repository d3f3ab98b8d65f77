import type { Duplex } from "node:stream";
import { FairleadError, TlsError, type ErrorFacts } from "@fairlead/core";
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
  const { promise, resolve, reject } = Promise.withResolvers<ClientHello>();
  const reader = new ClientHelloReader();
  const facts: ErrorFacts = { peer, operation: "secure" };

  const stop = (): void => {
    below.off("readable", onReadable);
    below.off("error", onError);
    below.off("end", onClose);
    below.off("close", onClose);
    signal?.removeEventListener("abort", onAbort);
  };
  const fail = (reason: unknown): void => {
    stop();
    reject(reason);
  };
  const onReadable = (): void => {
    while (reader.reading.type === "need-data") {
      const chunk = below.read() as Buffer | null;
      if (chunk === null) return;
      reader.add(chunk);
    }
    stop();
    if (reader.reading.type === "hello") {
      below.unshift(reader.bytes);
      resolve(reader.reading.hello);
    } else {
      if (reader.reading.type === "invalid") sendAlert(below, reader.reading.alert);
      reject(refusal(reader.reading, facts));
    }
  };
  const onError = (error: Error): void => fail(closedInHandshake(error, facts));
  const onClose = (): void => fail(closedInHandshake(undefined, facts));
  const onAbort = (): void => fail(signal?.reason);

  below.on("error", onError);
  below.on("end", onClose);
  below.on("close", onClose);
  signal?.addEventListener("abort", onAbort);
  below.on("readable", onReadable);
  onReadable();
  return promise;
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
