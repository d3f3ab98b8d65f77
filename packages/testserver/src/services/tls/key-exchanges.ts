import { createDiffieHellmanGroup } from "node:crypto";
import { goodNames } from "../../authority/authorities.ts";
import { mintCertificate } from "../../authority/authority.ts";
import { toPem } from "../../authority/pem.ts";
import { integer, sequence } from "../../authority/protocol/der.ts";
import { httpsService, type HttpsServiceTerms } from "./https-service.ts";
import { anySecurity } from "./versions.ts";

type Mint = NonNullable<HttpsServiceTerms<string>["mint"]>;

const mintRsa: Mint = ({ intermediate }, now) =>
  mintCertificate({ issuer: intermediate, names: goodNames, now, key: "RSA-2048" });

/** Older ways to agree on keys, which ask for a certificate on RSA. */
export const keyExchangeServices = [
  httpsService({
    name: "https-rsa-exchange",
    does: "has clients encrypt the secret by its RSA key in TLS 1.2: who learns the key reads it all",
    mint: mintRsa,
    tls: () => ({ maxVersion: "TLSv1.2", ciphers: "AES128-GCM-SHA256" }),
  }),
  httpsService({
    name: "https-dhe-1024",
    does: "agrees on keys by a Diffie-Hellman group of 1,024 bits in TLS 1.2, as in the Logjam attack",
    mint: mintRsa,
    tls: () => ({
      maxVersion: "TLSv1.2",
      ciphers: `DHE-RSA-AES128-GCM-SHA256:${anySecurity}`,
      dhparam: parameters("modp2"),
    }),
  }),
  httpsService({
    name: "https-dhe-2048",
    does: "agrees on keys by a Diffie-Hellman group of 2,048 bits in TLS 1.2",
    mint: mintRsa,
    tls: () => ({ maxVersion: "TLSv1.2", ciphers: "DHE-RSA-AES128-GCM-SHA256", dhparam: parameters("modp14") }),
  }),
] as const;

/** A group of RFC 2409 or RFC 3526, as PKCS #3 writes it. */
function parameters(group: "modp2" | "modp14"): string {
  const prime = BigInt(`0x${createDiffieHellmanGroup(group).getPrime("hex")}`);
  return toPem("DH PARAMETERS", sequence(integer(prime), integer(2)));
}
