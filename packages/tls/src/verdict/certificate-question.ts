import type { CertificateProblem, TlsError } from "@fairlead/core";
import type { StapleVerdict } from "./staple-verdict.ts";

/** A server whose certificates are refused, and what can be said about it. */
export interface CertificateQuestion {
  /** What the certificate should be for. */
  readonly host: string;
  /** `host:port`, where it is known. */
  readonly peer: string;
  /** What the connection fails with if the answer is to refuse. */
  readonly error: TlsError;
  /** All that is wrong, those of the leaf first. */
  readonly problems: readonly CertificateProblem[];
  /** As sent, leaf first, DER. */
  readonly chain: readonly Uint8Array[];
  /** What verification made of the stapled response; `undefined` where nobody looked at one. */
  readonly staple: StapleVerdict | undefined;
  /** SHA-256 of the leaf in hexadecimal: what an exception is for. */
  readonly fingerprint: string;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * Answers for one connection, which alone waits. Whatever is thrown ends the connection. A peer that is let in by
 * `accept` is not `authorized`, and its sessions are not given to anybody.
 */
export type OnCertificateError = (question: CertificateQuestion) => "refuse" | "accept" | Promise<"refuse" | "accept">;
