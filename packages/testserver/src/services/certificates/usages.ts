import type { TlsOptions } from "node:tls";
import { goodNames } from "../../authority/authorities.ts";
import {
  type AuthorityOptions,
  type CertificateOptions,
  mintAuthority,
  mintCertificate,
} from "../../authority/authority.ts";
import { basicConstraints } from "../../authority/protocol/extensions.ts";
import { serviceFamily, type StreamServiceEntry } from "../service-entry.ts";
import { httpsService } from "../tls/https-service.ts";

/** RSA key exchange, which encrypts to the certificate's key instead of having it sign. */
const rsaKeyExchange: TlsOptions = { maxVersion: "TLSv1.2", ciphers: "AES256-GCM-SHA384" };
/** Key exchange in which the certificate's key signs. */
const signedKeyExchange: TlsOptions = { maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES256-GCM-SHA384" };

/** Certificates that are used for what they are not for. */
export const usageServices = serviceFamily(
  "certificate-usages",
  "show a certificate for something else, or beyond it",
  [
    leaf("https-client-usage", "shows a certificate that is for clients only", { usage: "client" }),
    leaf("https-code-signing-usage", "shows a certificate that is for signing code only", { usage: "codeSigning" }),
    leaf("https-mail-usage", "shows a certificate that is for mail only", { usage: "mail" }),
    leaf("https-any-usage", "shows a certificate whose extended key usage is any", { usage: "any" }),
    leaf("https-no-usage", "shows a certificate without extended key usage, which allows all", { usage: [] }),
    leaf("https-both-usages", "shows a certificate that is for servers and clients", { usage: ["server", "client"] }),
    leaf("https-cannot-sign", "shows an ECDSA key whose usage is key agreement: it may not sign", {
      keyUsage: ["keyAgreement"],
    }),
    leaf(
      "https-only-encrypts",
      "shows an RSA key that may not sign, and has it sign the key exchange",
      {
        key: "RSA-2048",
        keyUsage: ["keyEncipherment"],
      },
      signedKeyExchange,
    ),
    leaf(
      "https-only-signs",
      "shows an RSA key that may not encrypt, and has clients encrypt to it (TLS 1.2)",
      {
        key: "RSA-2048",
        keyUsage: ["digitalSignature"],
      },
      rsaKeyExchange,
    ),
    leaf("https-signs-certificates", "shows a certificate whose key may sign certificates and nothing else", {
      keyUsage: ["keyCertSign"],
    }),
    leaf("https-no-key-usage", "shows a certificate without key usage, which allows all", { keyUsage: [] }),
    httpsService({
      name: "https-authority-as-server",
      does: "shows a certificate that says it is an authority",
      mint: ({ intermediate }, now) =>
        mintCertificate({
          issuer: intermediate,
          names: goodNames,
          now,
          change: (elements) => ({
            ...elements,
            extensions: [basicConstraints(true), ...elements.extensions.slice(1)],
          }),
        }),
    }),
    below("https-issuer-no-authority", "shows a good certificate whose issuer says that it is no authority", {
      isAuthority: false,
    }),
    below("https-issued-by-leaf", "shows a certificate that the holder of an ordinary certificate has signed", {
      commonName: "a.fairlead.test",
      isAuthority: false,
      keyUsage: ["digitalSignature"],
    }),
    below("https-issuer-without-constraints", "shows a good certificate whose issuer has no basic constraints", {
      change: (elements) => ({ ...elements, extensions: elements.extensions.slice(1) }),
    }),
    below("https-issuer-cannot-sign", "shows a good certificate whose issuer's key may sign revocation lists only", {
      keyUsage: ["cRLSign"],
    }),
    httpsService({
      name: "https-path-too-long",
      does: "shows a certificate of the second authority below one that allows none below itself",
      mint: async ({ root }, now) => {
        const last = await mintAuthority({ issuer: root, commonName: "Last", pathLength: 0, now });
        const issuer = await mintAuthority({ issuer: last, commonName: "One More", now });
        return await mintCertificate({ issuer, names: goodNames, now });
      },
    }),
    httpsService({
      name: "https-path-long-enough",
      does: "shows a certificate of the second authority below one that allows one below itself",
      mint: async ({ root }, now) => {
        const first = await mintAuthority({ issuer: root, commonName: "Last but One", pathLength: 1, now });
        const issuer = await mintAuthority({ issuer: first, commonName: "Last", pathLength: 0, now });
        return await mintCertificate({ issuer, names: goodNames, now });
      },
    }),
    below(
      "https-names-permitted",
      "shows a good certificate whose issuer may certify names below fairlead.test",
      {
        nameConstraints: { permitted: ["fairlead.test", "127.0.0.0/8"] },
      },
      ["a.fairlead.test", "127.0.0.1"],
    ),
    below(
      "https-names-not-permitted",
      "shows a certificate whose issuer may certify names below other.test alone",
      {
        nameConstraints: { permitted: ["other.test"] },
      },
      ["a.fairlead.test"],
    ),
    below(
      "https-names-excluded",
      "shows a certificate whose issuer may certify any name but those below fairlead.test",
      {
        nameConstraints: { excluded: ["fairlead.test"] },
      },
      ["a.fairlead.test"],
    ),
    below(
      "https-address-not-permitted",
      "shows a certificate for 127.0.0.1 too, whose issuer may certify 10.0.0.0/8",
      {
        nameConstraints: { permitted: ["fairlead.test", "10.0.0.0/8"] },
      },
      ["a.fairlead.test", "127.0.0.1"],
    ),
    below(
      "https-address-excluded",
      "shows a certificate for 127.0.0.1 too, whose issuer may not certify 127.0.0.0/8",
      {
        nameConstraints: { excluded: ["127.0.0.0/8"] },
      },
      ["a.fairlead.test", "127.0.0.1"],
    ),
    below(
      "https-names-constrained-one-bad",
      "shows a right name beside one that its issuer may not certify",
      {
        nameConstraints: { permitted: ["fairlead.test"] },
      },
      ["a.fairlead.test", "a.other.test"],
    ),
    below(
      "https-common-name-not-permitted",
      "shows a common name that is not permitted, and no alternative names",
      {
        nameConstraints: { permitted: ["other.test"] },
      },
      [],
      "a.fairlead.test",
    ),
  ],
);

function leaf<const Name extends string>(
  name: Name,
  does: string,
  options: Omit<CertificateOptions, "names">,
  tls?: TlsOptions,
): StreamServiceEntry<Name> {
  return httpsService({
    ...{ name, does },
    ...(tls === undefined ? {} : { tls: () => tls }),
    mint: ({ intermediate }, now) => mintCertificate({ issuer: intermediate, names: goodNames, now, ...options }),
  });
}

function below<const Name extends string>(
  name: Name,
  does: string,
  authority: AuthorityOptions,
  names: readonly string[] = goodNames,
  commonName?: string,
): StreamServiceEntry<Name> {
  return httpsService({
    ...{ name, does },
    example: "curl --cacert {ca} --connect-to ::{host}:{port} https://a.fairlead.test/echo",
    mint: async ({ root }, now) => {
      const issuer = await mintAuthority({ issuer: root, commonName: "Constrained", now, ...authority });
      return await mintCertificate({ issuer, names, commonName, now });
    },
  });
}
