import { TlsError } from "@fairlead/core";
import type { TlsBackend } from "@fairlead/tls";
import type { DtlsBackend } from "@fairlead/tls/datagram";
import type { TlsSettings } from "../options.ts";
import type { BackendChoice } from "../pool/backend-choice.ts";

/** What secures datagrams, and why it is this one. */
export interface DatagramBackendChoice {
  readonly backend: Pick<TlsBackend, "name" | "library"> & DtlsBackend;
  /** For people, without a full stop. */
  readonly reason: string;
}

/**
 * Makes what finds the backend of datagrams, once the first of them are to be secured: the one that is named for them, else
 * the manager's own.
 *
 * @returns what rejects with TlsError TLS_OPTION_UNSUPPORTED where that has none, or TLS_LIBRARY_UNAVAILABLE.
 */
export function datagramBackend(
  { datagrams }: TlsSettings,
  { backend, reason }: BackendChoice,
): () => Promise<DatagramBackendChoice> {
  let found: Promise<DatagramBackendChoice> | undefined;
  const find = async (): Promise<DatagramBackendChoice> => {
    if (datagrams === undefined) return able(backend, reason);
    return able(typeof datagrams === "function" ? await datagrams() : datagrams, "named for datagrams");
  };
  return () => (found ??= find());
}

function able(backend: TlsBackend, reason: string): DatagramBackendChoice {
  const { name, library, connectDatagram, acceptDatagram } = backend;
  if (connectDatagram !== undefined && acceptDatagram !== undefined) {
    return { backend: { name, library, connectDatagram, acceptDatagram }, reason };
  }
  throw new TlsError("TLS_OPTION_UNSUPPORTED", {
    detail: `datagrams over '${name}'`,
    remedy: "name a backend that has them: tls: { datagrams: () => loadOpensslTls() }",
  });
}
