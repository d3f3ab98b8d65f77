import { constants } from "node:crypto";
import type { TlsOptions } from "node:tls";
import { type Authority, mintAuthority, mintCertificate, type MintedIdentity } from "../authority/authority.ts";
import { hostNames } from "../host-names.ts";

const dayMilliseconds = 86_400_000;
const goodNames = ["localhost", "127.0.0.1", "::1", ...hostNames];

/** The authorities of one network, and the moment that its certificates are minted for. */
export interface Authorities {
  /** The trust anchor. */
  readonly root: Authority;
  /** Below the root; signs the leaves. */
  readonly intermediate: Authority;
  /** A root that has nothing to do with the other. */
  readonly other: Authority;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Mints the authorities of one network. */
export async function mintAuthorities(now: number): Promise<Authorities> {
  const other = mintAuthority({ commonName: "Fairlead Other Test Root", now });
  const root = await mintAuthority({ now });
  return { root, intermediate: await mintAuthority({ issuer: root, now }), other: await other, now };
}

/** One https listener: its certificate, and how its TLS differs from the ordinary. */
export interface SecureListenerEntry {
  readonly name: string;
  /** One line that begins with a verb. */
  readonly does: string;
  readonly mint: (authorities: Authorities) => Promise<Pick<MintedIdentity, "certificate" | "privateKey">>;
  readonly tls?: (authorities: Authorities) => TlsOptions;
}

/** The listener that speaks both; its port is the same before and after an HSTS upgrade. */
export const eitherListener: SecureListenerEntry = {
  name: "http-or-https",
  does: "speaks HTTP/1.1 in the clear or over TLS as the first byte asks: HSTS keeps its port",
  mint: mintGood,
};

/** All https listeners. Each offers all endpoints, to clients that get so far. */
export const secureListeners = [
  {
    name: "https",
    does: "speaks TLS 1.2 and 1.3 with a good certificate, chain and tickets",
    mint: mintGood,
  },
  {
    name: "https-tls12",
    does: "speaks TLS 1.2 only",
    mint: mintGood,
    tls: () => ({ maxVersion: "TLSv1.2" }),
  },
  {
    name: "https-tls13",
    does: "speaks TLS 1.3 only",
    mint: mintGood,
    tls: () => ({ minVersion: "TLSv1.3" }),
  },
  {
    name: "https-no-tickets",
    does: "issues no tickets in TLS 1.2 and worthless ones in TLS 1.3: every handshake is a full one",
    mint: mintGood,
    tls: () => ({ secureOptions: constants.SSL_OP_NO_TICKET }),
  },
  {
    name: "https-client-certificate",
    does: "requires a client certificate from the test authority",
    mint: mintGood,
    tls: ({ root, intermediate }) => ({
      requestCert: true,
      rejectUnauthorized: true,
      ca: [root.certificate, intermediate.certificate],
    }),
  },
  {
    name: "https-expired",
    does: "shows a certificate that expired yesterday",
    mint: ({ intermediate, now }) =>
      mintCertificate({
        issuer: intermediate,
        names: goodNames,
        notBefore: new Date(now - 30 * dayMilliseconds),
        notAfter: new Date(now - dayMilliseconds),
      }),
  },
  {
    name: "https-not-yet-valid",
    does: "shows a certificate that becomes valid tomorrow",
    mint: ({ intermediate, now }) =>
      mintCertificate({
        issuer: intermediate,
        names: goodNames,
        notBefore: new Date(now + dayMilliseconds),
        notAfter: new Date(now + 30 * dayMilliseconds),
      }),
  },
  {
    name: "https-wrong-host",
    does: "shows a certificate for elsewhere.invalid",
    mint: ({ intermediate, now }) => mintCertificate({ issuer: intermediate, names: ["elsewhere.invalid"], now }),
  },
  {
    name: "https-self-signed",
    does: "shows a certificate that is signed by itself",
    mint: ({ now }) => mintCertificate({ names: goodNames, now }),
  },
  {
    name: "https-untrusted-root",
    does: "shows a certificate of another authority that nobody trusts",
    mint: ({ other, now }) => mintCertificate({ issuer: other, names: goodNames, now }),
  },
  {
    name: "https-incomplete-chain",
    does: "shows a good certificate but does not send the intermediate",
    mint: async (authorities) => {
      const { leaf, privateKey } = await mintGood(authorities);
      return { certificate: leaf, privateKey };
    },
  },
] as const satisfies readonly SecureListenerEntry[];

/** Names of the https listeners. */
export type SecureListenerName = (typeof secureListeners)[number]["name"];

/** A certificate that is right in every way. */
export function mintGood({ intermediate, now }: Authorities): Promise<MintedIdentity> {
  return mintCertificate({ issuer: intermediate, names: goodNames, now });
}
