import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsTrust } from "@fairlead/tls";

/** The host that the good certificate is for, beside `*.wild.test` and 127.0.0.1. */
export const goodHost = "good.test";

/** An authority that clients trust, and identities that are right or wrong in one way each. */
export interface Certificates {
  readonly trust: TlsTrust;
  readonly otherTrust: TlsTrust;
  readonly good: MintedIdentity;
  readonly faulty: readonly FaultyIdentity[];
}

/** A server's identity that a client must refuse, and as what. */
export interface FaultyIdentity {
  readonly title: string;
  readonly code: string;
  /** What the message must say beside its code's text. */
  readonly says: RegExp;
  readonly identity: MintedIdentity;
}

/** Mints them; some milliseconds each. */
export async function mintCertificates(now = Date.now()): Promise<Certificates> {
  const root = await mintAuthority({ commonName: "Trusted Root" });
  const otherRoot = await mintAuthority({ commonName: "Other Root" });
  const intermediate = await mintAuthority({ issuer: root });
  const issue = (issuer: Authority | undefined, options: Partial<Parameters<typeof mintCertificate>[0]> = {}) =>
    mintCertificate({ ...(issuer && { issuer }), names: [goodHost, "*.wild.test", "127.0.0.1"], ...options });

  const fromIntermediate = await issue(intermediate);
  return {
    trust: { type: "anchors", certificates: [root.certificate] },
    otherTrust: { type: "anchors", certificates: [otherRoot.certificate] },
    good: fromIntermediate,
    faulty: [
      {
        title: "expired",
        code: "CERTIFICATE_EXPIRED",
        says: /on \d{4}-\d\d-\d\dT/,
        identity: await issue(root, { notBefore: new Date(now - 2 * day), notAfter: new Date(now - day) }),
      },
      {
        title: "not valid yet",
        code: "CERTIFICATE_NOT_YET_VALID",
        says: /not before \d{4}-/,
        identity: await issue(root, { notBefore: new Date(now + day), notAfter: new Date(now + 2 * day) }),
      },
      {
        title: "for another host",
        code: "CERTIFICATE_HOST_MISMATCH",
        says: /good\.test: it lists DNS:other\.test, IP:127\.0\.0\.2/,
        identity: await issue(root, { names: ["other.test", "127.0.0.2"] }),
      },
      {
        title: "for this host by its common name alone",
        code: "CERTIFICATE_HOST_MISMATCH",
        says: /it lists IP:127\.0\.0\.2/,
        identity: await issue(root, { names: ["127.0.0.2"], commonName: goodHost }),
      },
      {
        title: "signed by itself",
        code: "CERTIFICATE_SELF_SIGNED",
        says: /trust anchors/,
        identity: await issue(undefined),
      },
      {
        title: "from an issuer that nobody knows",
        code: "CERTIFICATE_ISSUER_UNKNOWN",
        says: /issuer/,
        identity: await issue(otherRoot),
      },
      {
        title: "sent with a root that is not trusted",
        code: "CERTIFICATE_ISSUER_UNKNOWN",
        says: /root/,
        identity: await withRoot(await issue(otherRoot), otherRoot),
      },
      {
        title: "sent without its intermediate",
        code: "CERTIFICATE_ISSUER_UNKNOWN",
        says: /intermediates/,
        identity: { ...fromIntermediate, certificate: fromIntermediate.leaf },
      },
      {
        title: "for clients only",
        code: "CERTIFICATE_INVALID",
        says: /./,
        identity: await issue(root, { usage: "client" }),
      },
    ],
  };
}

const day = 86_400_000;

async function withRoot(identity: MintedIdentity, root: Authority): Promise<MintedIdentity> {
  return { ...identity, certificate: identity.certificate + root.certificate };
}
