import type { ConnectionFacts } from "@fairlead/access";
import type { StapleVerdict } from "@fairlead/tls";

/** What a connection's peer has shown. */
export interface PeerCertificates {
  /** Leaf first, PEM; the leaf alone where a session was resumed. */
  readonly chain: readonly string[];
  /** What the keys were agreed on in; `undefined` where nobody tells. */
  readonly group: string | undefined;
  /** What was made of the stapled response; `undefined` where nobody looked at one. */
  readonly staple: StapleVerdict | undefined;
}

/** What a server showed that was refused. */
export type RefusedCertificates = Pick<PeerCertificates, "chain" | "staple">;

/** Certificates of one chain that are kept; a peer that sends more is up to something else. */
const CHAIN_LIMIT = 16;
/** Bytes of one certificate that is kept: with a key of 16 Kibit and hundreds of names there is room left. */
const CERTIFICATE_LIMIT_BYTES = 64 * 1024;

/** Reads them from a connection that is open; `undefined` while there are none. */
export function peerCertificates({ chain, group, staple }: ConnectionFacts): PeerCertificates | undefined {
  const sent = chain();
  return sent.length === 0 ? undefined : { chain: pemChain(sent), group: group(), staple: staple() };
}

/** Writes certificates as PEM, as far as they are of a reasonable size. @param chain DER */
export function pemChain(chain: readonly Uint8Array[]): readonly string[] {
  return chain
    .slice(0, CHAIN_LIMIT)
    .filter((certificate) => certificate.length <= CERTIFICATE_LIMIT_BYTES)
    .map(pem);
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
