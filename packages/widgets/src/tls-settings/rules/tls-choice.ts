/** A version of TLS, as @fairlead/tls names it. */
export type ChosenVersion = "TLSv1.2" | "TLSv1.3";

/** Key exchange groups, as @fairlead/tls names them: the hybrids with ML-KEM first. */
export const groupNames = [
  "X25519MLKEM768",
  "SecP256r1MLKEM768",
  "SecP384r1MLKEM1024",
  "x25519",
  "x448",
  "secp256r1",
  "secp384r1",
  "secp521r1",
  "ffdhe2048",
  "ffdhe3072",
] as const;

/** A key exchange group. */
export type ChosenGroup = (typeof groupNames)[number];

/** What encrypts records, as @fairlead/tls names it. */
export const cipherNames = ["AES_256_GCM", "AES_128_GCM", "CHACHA20_POLY1305", "AES_128_CCM", "AES_128_CCM_8"] as const;

/** A cipher. */
export type ChosenCipher = (typeof cipherNames)[number];

/** Whose certificates a server's chain may end in: a list that is there, or authorities of the user's own and no others. */
export type ChosenAnchors =
  | { readonly type: "default" | "system" | "bundled" }
  /** SHA-256 of each in hexadecimal, as they are offered. */
  | { readonly type: "own"; readonly fingerprints: readonly string[] };

/** Who the client is to servers that want to know. */
export type ChosenIdentity =
  /** The user is asked, for each origin. */
  | { readonly type: "ask" }
  | { readonly type: "none" }
  /** The same to every origin that asks. */
  | { readonly type: "one"; readonly fingerprint: string };

/** How TLS is to be done: plain data, which a host turns into the `tls` of `openNetworkAccessManager`. */
export interface TlsChoice {
  /** Name of a backend that is offered. */
  readonly backend: string;
  readonly minVersion: ChosenVersion;
  readonly maxVersion: ChosenVersion;
  /** The preferred first; `null` leaves it to the library. */
  readonly groups: readonly ChosenGroup[] | null;
  /** The preferred first; `null` leaves it to the library. */
  readonly ciphers: readonly ChosenCipher[] | null;
  readonly anchors: ChosenAnchors;
  /** One of these keys must be in the path, where there are any: SHA-256 of the public key in base64. */
  readonly pins: readonly string[];
  readonly identity: ChosenIdentity;
  /** Whether intermediates that servers sent are kept for those that forget them. */
  readonly rememberIntermediates: boolean;
  /** Whether those that are missing are fetched from where the certificate says, in the clear. */
  readonly fetchIntermediates: boolean;
  /** Whether safe requests may go with the first flight. */
  readonly earlyData: boolean;
  readonly dangerous: {
    readonly acceptAnyCertificate: boolean;
    /** Lets a server in that has a pinned key, whoever certifies it. */
    readonly acceptPinnedKeyAlone: boolean;
    /** Writes the secrets of connections to where the host says. */
    readonly logKeys: boolean;
  };
}
