/** A host whose key is not known, or another than the known one. */
export interface HostKeyQuestion {
  /** In lower case. */
  readonly host: string;
  readonly port: number;
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`. */
  readonly keyType: string;
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** As it stands in a file of OpenSSH: type, and base64. */
  readonly publicKey: string;
  /** `changed` where the host has keys that are known, and this is none of them. */
  readonly state: "unknown" | "changed";
  /** Of the keys that are known. */
  readonly knownFingerprints: readonly string[];
  /** Whether the known hosts name an authority that signs this host's keys: certificates of hosts are not supported. */
  readonly hasCertificateAuthority: boolean;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * For how long a key is good: for one connection; for as long as the handler lives; or in the first file of `knownHosts`,
 * where it takes the place of those that were there for this host.
 */
export type HostKeyLifetime = "once" | "memory" | "file";

/** What to do with a key. */
export type HostKeyAnswer =
  | { readonly type: "refuse" }
  | {
      readonly type: "accept";
      /** `memory` by default. */
      readonly remember?: HostKeyLifetime;
    };

/** Answers for a key, once for all that wait for the same one. A rejection ends those that wait with that error. */
export type OnHostKey = (question: HostKeyQuestion) => HostKeyAnswer | Promise<HostKeyAnswer>;
