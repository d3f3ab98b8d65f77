import { goodNames, mintGood } from "../../authority/authorities.ts";
import { type Authority, mintAuthority, mintCertificate, type MintedIdentity } from "../../authority/authority.ts";
import { serviceFamily } from "../service-entry.ts";
import { httpsService } from "../tls/https-service.ts";

const day = 86_400_000;

/** Good certificates with chains that lead nowhere, or by another way than servers send them. */
export const chainServices = serviceFamily("certificate-chains", "show a certificate with a peculiar chain", [
  httpsService({
    name: "https-self-signed",
    does: "shows a certificate that is signed by itself",
    mint: (_authorities, now) => mintCertificate({ names: goodNames, now }),
  }),
  httpsService({
    name: "https-untrusted-root",
    does: "shows a certificate of another authority that nobody trusts",
    mint: ({ other }, now) => mintCertificate({ issuer: other, names: goodNames, now }),
  }),
  httpsService({
    name: "https-incomplete-chain",
    does: "shows a good certificate but does not send the intermediate",
    mint: async (authorities, now) => {
      const { leaf, privateKey } = await mintGood(authorities, now);
      return { certificate: leaf, privateKey };
    },
  }),
  httpsService({
    name: "https-issued-by-root",
    does: "shows a good certificate that the root has signed itself, without any intermediate",
    mint: ({ root }, now) => mintCertificate({ issuer: root, names: goodNames, now }),
  }),
  httpsService({
    name: "https-chain-with-root",
    does: "sends the root too, which a client has to have already",
    mint: async (authorities, now) =>
      withChain(await mintGood(authorities, now), (chain) => [...chain, authorities.root]),
  }),
  httpsService({
    name: "https-chain-with-untrusted-root",
    does: "sends a chain up to a root that nobody trusts, and that root too",
    mint: async ({ other }, now) => {
      const issuer = await mintAuthority({ issuer: other, commonName: "Fairlead Other Test Intermediate", now });
      const identity = await mintCertificate({ issuer, names: goodNames, now });
      return { ...identity, certificate: identity.certificate + other.certificate };
    },
  }),
  httpsService({
    name: "https-chain-out-of-order",
    does: "sends three intermediates, the highest first",
    mint: async ({ root }, now) => {
      const authorities = await mintLadder(root, 3, now);
      const identity = await mintCertificate({ issuer: authorities.at(-1), names: goodNames, now });
      return withChain(identity, () => authorities);
    },
  }),
  httpsService({
    name: "https-chain-repeated",
    does: "sends its intermediate five times",
    mint: async (authorities, now) => {
      const five = Array.from({ length: 5 }, () => authorities.intermediate);
      return withChain(await mintGood(authorities, now), () => five);
    },
  }),
  httpsService({
    name: "https-chain-with-stranger",
    does: "sends a root before its intermediate that has nothing to do with either",
    mint: async (authorities, now) =>
      withChain(await mintGood(authorities, now), (chain) => [authorities.other, ...chain]),
  }),
  httpsService({
    name: "https-chain-of-twenty",
    does: "sends twenty intermediates, one below the other, all good",
    mint: async ({ root }, now) => {
      const authorities = await mintLadder(root, 20, now);
      return await mintCertificate({ issuer: authorities.at(-1), names: goodNames, now });
    },
  }),
  httpsService({
    name: "https-chain-of-two-hundred",
    does: "sends two hundred intermediates, one below the other: more than any client follows",
    mint: async ({ root }, now) => {
      const authorities = await mintLadder(root, 200, now);
      return await mintCertificate({ issuer: authorities.at(-1), names: goodNames, now });
    },
  }),
  httpsService({
    name: "https-cross-signed",
    does: "sends a new root that nobody has yet, certified by the trusted one",
    mint: async ({ root }, now) => {
      const young = await mintAuthority({ commonName: "Fairlead Young Test Root", now });
      const cross = await mintAuthority({ sameAs: young, issuer: root, now });
      return await mintCertificate({ issuer: cross, names: goodNames, now });
    },
  }),
  httpsService({
    name: "https-cross-signed-expired",
    does: "sends the intermediate twice: certified by a root that expired, and by the trusted one",
    mint: async ({ root }, now) => {
      const expired = { notBefore: new Date(now - 900 * day), notAfter: new Date(now - day) };
      const gone = await mintAuthority({ commonName: "Fairlead Gone Test Root", ...expired });
      const old = await mintAuthority({ commonName: "Fairlead Twice Certified", issuer: gone, ...expired });
      const current = await mintAuthority({ sameAs: old, issuer: root, now });
      const identity = await mintCertificate({ issuer: old, names: goodNames, now });
      return withChain(identity, () => [old, current]);
    },
  }),
  httpsService({
    name: "https-evil-twin-root",
    does: "shows a certificate of a root that has the trusted one's name and another key, and sends that root",
    mint: async ({ root }, now) => {
      const twin = await mintAuthority({ commonName: commonNameOf(root), now });
      return withChain(await mintCertificate({ issuer: twin, names: goodNames, now }), () => [twin]);
    },
  }),
  httpsService({
    name: "https-evil-twin-intermediate",
    does: "shows a certificate whose issuer is not the intermediate that is sent, but has its name",
    mint: async ({ intermediate, other }, now) => {
      const twin = await mintAuthority({ issuer: other, commonName: commonNameOf(intermediate), now });
      return withChain(await mintCertificate({ issuer: twin, names: goodNames, now }), () => [intermediate]);
    },
  }),
  httpsService({
    name: "https-self-signed-as-root",
    does: "shows a certificate that is signed by itself and has the trusted root's name",
    mint: ({ root }, now) => mintCertificate({ names: goodNames, commonName: commonNameOf(root), now }),
  }),
  httpsService({
    name: "https-signature-broken",
    does: "shows a certificate that was changed after it was signed",
    mint: async (authorities, now) => {
      const { intermediate } = authorities;
      const careless = { ...intermediate, sign: (bytes: Uint8Array) => intermediate.sign(bytes.subarray(1)) };
      return await mintCertificate({ issuer: careless, names: goodNames, now });
    },
  }),
]);

/** Authorities one below the other, the highest first. */
async function mintLadder(root: Authority, length: number, now: number): Promise<readonly Authority[]> {
  const authorities: Authority[] = [];
  for (let number = 1; number <= length; number += 1) {
    authorities.push(await mintAuthority({ issuer: authorities.at(-1) ?? root, commonName: `Step ${number}`, now }));
  }
  return authorities;
}

/** The same certificate with other authorities behind it; `from` gets the intermediates that belong to it. */
function withChain(
  { leaf, certificate, privateKey }: MintedIdentity,
  from: (chain: readonly Pick<Authority, "certificate">[]) => readonly Pick<Authority, "certificate">[],
): Pick<MintedIdentity, "certificate" | "privateKey"> {
  const chain = from([{ certificate: certificate.slice(leaf.length) }]);
  return { certificate: leaf + chain.map((each) => each.certificate).join(""), privateKey };
}

function commonNameOf({ name }: Authority): string {
  return name.slice("CN=".length);
}
