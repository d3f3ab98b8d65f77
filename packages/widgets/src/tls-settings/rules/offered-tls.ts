import type { ChosenCipher, ChosenGroup, ChosenVersion } from "./tls-choice.ts";

/** What there is to choose from on this machine, as the host found it. */
export interface OfferedTls {
  readonly backends: readonly OfferedBackend[];
  /** Authorities of the user's own. */
  readonly authorities: readonly OfferedCertificate[];
  /** Certificates whose private keys the host has. */
  readonly identities: readonly OfferedCertificate[];
}

/** A backend of TLS, with what its `capabilities()` found. */
export type OfferedBackend =
  | {
      readonly name: string;
      readonly available: true;
      readonly library: { readonly name: string; readonly version: string };
      readonly capabilities: OfferedCapabilities;
      /**
       * Whether the user can be asked for a client certificate: `backendCan` of `client-certificate-question` or
       * `client-certificate-restart`.
       */
      readonly canAskForIdentity: boolean;
    }
  | { readonly name: string; readonly available: false; readonly reason: string };

/** The part of `TlsCapabilities` that is chosen from. */
export interface OfferedCapabilities {
  readonly versions: readonly ChosenVersion[];
  readonly groups: readonly ChosenGroup[];
  readonly ciphers: readonly ChosenCipher[];
  readonly earlyData: boolean;
  readonly keyLog: boolean;
}

/** A certificate to choose. */
export interface OfferedCertificate {
  /** SHA-256 in hexadecimal. */
  readonly fingerprint: string;
  /** Whose it is; shown as text. */
  readonly subject: string;
  /** ISO 8601. */
  readonly notAfter: string;
}

/** A backend that is there. */
export type AvailableBackend = Extract<OfferedBackend, { readonly available: true }>;

/** The backend of that name; `undefined` where it is not there, or cannot be loaded. */
export function availableBackend(offered: OfferedTls, name: string): AvailableBackend | undefined {
  return offered.backends.find((each): each is AvailableBackend => each.available && each.name === name);
}
