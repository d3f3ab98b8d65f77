import { TlsError } from "@fairlead/core";
import type { TlsAcceptOptions, TlsConnectOptions } from "./contract.ts";

type Options = Partial<
  Omit<TlsConnectOptions, keyof TlsAcceptOptions> & Omit<TlsAcceptOptions, keyof TlsConnectOptions>
> & {
  readonly [Shared in keyof TlsConnectOptions & keyof TlsAcceptOptions]?:
    | TlsConnectOptions[Shared]
    | TlsAcceptOptions[Shared];
};

/** What only some backends can. */
export type TlsFeature =
  /** Asks inside the handshake. */
  | "client-certificate-question"
  /** Ends the handshake with what the server asked for, to be connected to again: see `onClientCertificate`. */
  | "client-certificate-restart"
  | "client-certificates"
  | "early-data"
  | "key-log"
  | "key-update"
  | "ocsp-response"
  | "psk";

/**
 * Refuses options that a backend cannot honour: none is ever ignored.
 *
 * @throws TlsError TLS_OPTION_UNSUPPORTED, which names the backends that can.
 */
export function requireFeatures(
  backend: { readonly name: string; readonly features: ReadonlySet<TlsFeature> },
  options: Options,
): void {
  for (const { option, anyOf, isUsed } of rules) {
    if (!isUsed(options) || anyOf.some((feature) => backend.features.has(feature))) continue;
    throw unsupported(backend.name, option, ...anyOf);
  }
}

/** The error for something that `backend` cannot do and others can. */
export function unsupported(backend: string, what: string, ...anyOf: readonly TlsFeature[]): TlsError {
  const able = anyOf.flatMap((feature) => featureBackends[feature]).filter((name) => name !== backend);
  return new TlsError("TLS_OPTION_UNSUPPORTED", {
    detail: `${what}, by the backend '${backend}'`,
    remedy: `leave it out, or use the backend ${able.map((name) => `'${name}'`).join(" or ")}`,
  });
}

/** Whether one of our backends can; false for any other. */
export function backendCan(backend: string, feature: TlsFeature): boolean {
  return featureBackends[feature].includes(backend);
}

/** The error for key exchange groups or ciphers that a library does not know, or that this machine has switched off. */
export function unsupportedAlgorithms(
  backend: string,
  option: "groups" | "ciphers",
  names: readonly string[],
  cause?: unknown,
): TlsError {
  return new TlsError("TLS_OPTION_UNSUPPORTED", {
    detail: `${option} ${names.join(", ")}, by the backend '${backend}'`,
    remedy: "name those that its capabilities tell, or use another backend",
    cause,
  });
}

/** Which of our backends can; what a certain machine's library can is told by its capabilities. */
const featureBackends: Readonly<Record<TlsFeature, readonly string[]>> = {
  "client-certificate-question": ["openssl"],
  "client-certificate-restart": ["gnutls"],
  "client-certificates": ["node", "openssl", "gnutls"],
  "early-data": ["openssl", "gnutls"],
  "key-log": ["node", "openssl", "gnutls"],
  "key-update": ["openssl", "gnutls"],
  "ocsp-response": ["openssl", "gnutls"],
  psk: ["node", "openssl", "gnutls"],
};

interface Rule {
  readonly option: string;
  readonly anyOf: readonly TlsFeature[];
  readonly isUsed: (options: Options) => boolean;
}

const rules: readonly Rule[] = [
  {
    option: "onClientCertificate",
    anyOf: ["client-certificate-question", "client-certificate-restart"],
    isUsed: ({ onClientCertificate, identity }) => onClientCertificate !== undefined && identity === undefined,
  },
  {
    option: "clientCertificates",
    anyOf: ["client-certificates"],
    isUsed: ({ clientCertificates }) => clientCertificates !== undefined,
  },
  {
    option: "earlyData",
    anyOf: ["early-data"],
    isUsed: ({ earlyData }) => earlyData !== undefined && earlyData !== false,
  },
  { option: "dangerous.onKeyLog", anyOf: ["key-log"], isUsed: ({ dangerous }) => dangerous?.onKeyLog !== undefined },
  { option: "psk", anyOf: ["psk"], isUsed: ({ psk }) => psk !== undefined },
  {
    option: "identity.ocspResponse",
    anyOf: ["ocsp-response"],
    isUsed: ({ identity }) => typeof identity === "object" && identity?.ocspResponse !== undefined,
  },
];
