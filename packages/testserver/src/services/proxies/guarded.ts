import { mintCertificate } from "../../authority/authority.ts";
import { goodNames } from "../../authority/authorities.ts";
import type { NetworkContext } from "../network-context.ts";
import { serviceFamily, type StreamServiceEntry } from "../service-entry.ts";
import { guardByDigest } from "./digest-guard.ts";
import { guardByBasic, guardByBearer, type ProxyGuard } from "./guard.ts";
import { openHttpProxy } from "./http-proxy.ts";
import { type HttpsProxyTerms, openHttpsProxy } from "./https-proxy.ts";
import { guardByNegotiate } from "./negotiate-guard.ts";
import { guardByNtlm } from "./ntlm-guard.ts";

const dayMilliseconds = 86_400_000;
const digest = "--proxy-digest --proxy-user user:secret";
const ntlm = "--proxy-ntlm --proxy-user user:secret";

/** HTTP proxies that want to know who comes, and those whose own certificates are wrong. */
export const guardedProxyServices = serviceFamily(
  "guarded proxies",
  "ask as proxies who comes, or show a wrong certificate themselves",
  [
    guarded("proxy-basic", "asks for Basic credentials: user, secret", "--proxy-user user:secret", () =>
      guardByBasic(),
    ),
    guarded("proxy-digest", "asks for Digest credentials by SHA-256: user, secret", digest, () =>
      guardByDigest({ algorithm: "SHA-256", usesOfNonce: 100 }),
    ),
    guarded("proxy-digest-md5", "asks for Digest credentials by MD5, as the oldest do: user, secret", digest, () =>
      guardByDigest({ algorithm: "MD5", usesOfNonce: 100 }),
    ),
    guarded("proxy-digest-stale", "takes each nonce of Digest once, and then says that it is stale", digest, () =>
      guardByDigest({ algorithm: "SHA-256", usesOfNonce: 1 }),
    ),
    guarded("proxy-ntlm", "asks for NTLMv2, which is bound to the connection: user, secret", ntlm, guardByNtlm),
    guarded(
      "proxy-negotiate",
      "asks for a login by Kerberos, with the network's option kerberos; without it nobody passes",
      "--proxy-negotiate --proxy-user :",
      ({ surroundings }) => guardByNegotiate(surroundings.kerberos),
    ),
    guarded(
      "proxy-bearer",
      "asks for a Bearer token: secret",
      "--proxy-header 'Proxy-Authorization: Bearer secret'",
      guardByBearer,
    ),
    secured("proxy-https-expired", "is a proxy over TLS whose certificate expired yesterday", async (network) => {
      const now = network.clock.now();
      const { intermediate } = network.authorities;
      const dates = { notBefore: new Date(now - 30 * dayMilliseconds), notAfter: new Date(now - dayMilliseconds) };
      return { identity: await mintCertificate({ issuer: intermediate, names: goodNames, ...dates }) };
    }),
    secured(
      "proxy-https-wrong-host",
      "is a proxy over TLS with a certificate for elsewhere.invalid",
      async (network) => {
        const { authorities, clock } = network;
        const terms = { issuer: authorities.intermediate, names: ["elsewhere.invalid"], now: clock.now() };
        return { identity: await mintCertificate(terms) };
      },
    ),
    secured("proxy-https-client-certificate", "is a proxy over TLS that requires a client certificate", (network) => {
      const { root, intermediate } = network.authorities;
      const ca = [root.certificate, intermediate.certificate];
      return { tls: { requestCert: true, rejectUnauthorized: true, ca } };
    }),
  ],
);

function guarded<const Name extends string>(
  name: Name,
  does: string,
  options: string,
  guard: (network: NetworkContext) => ProxyGuard | Promise<ProxyGuard>,
): StreamServiceEntry<Name> {
  return {
    ...{ name, does, scheme: "http", halfOpen: true },
    example: `curl -x {origin} ${options} http://a.fairlead.test:{port:http}/echo`,
    open: async (network, self) => openHttpProxy(network, self, { guard: await guard(network) }),
  };
}

function secured<const Name extends string>(
  name: Name,
  does: string,
  terms: (network: NetworkContext) => HttpsProxyTerms | Promise<HttpsProxyTerms>,
): StreamServiceEntry<Name> {
  return {
    ...{ name, does, scheme: "https", halfOpen: true, followsClock: true },
    example: "curl --proxy-cacert {ca} -x {origin} http://a.fairlead.test:{port:http}/echo",
    open: async (network, self) => openHttpsProxy(network, self, await terms(network)),
  };
}
