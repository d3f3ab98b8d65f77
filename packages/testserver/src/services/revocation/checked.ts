import { goodNames } from "../../authority/authorities.ts";
import { type IssuingOptions, randomSerialNumber } from "../../authority/issue.ts";
import { mintCertificate } from "../../authority/authority.ts";
import type { NetworkContext } from "../network-context.ts";
import { serviceFamily, type StreamServiceEntry } from "../service-entry.ts";
import { httpsService } from "../tls/https-service.ts";
import { addressOf } from "./address.ts";
import type { AiaPath } from "./aia-service.ts";
import type { CrlPath } from "./crl-service.ts";

/** Certificates about which a client can ask an OCSP responder. */
export const ocspCheckedServices = serviceFamily("ocsp-checked", "name an OCSP responder in the certificate", [
  ocsp("https-ocsp-good", "names an OCSP responder that says good", "/good"),
  ocsp("https-ocsp-unknown", "names an OCSP responder that knows nothing of the certificate", "/unknown"),
  ocsp("https-ocsp-expired", "names an OCSP responder whose answers expired yesterday", "/expired"),
  ocsp("https-ocsp-wrong-serial", "names an OCSP responder that speaks of another certificate", "/wrong-serial"),
  ocsp("https-ocsp-wrong-signature", "names an OCSP responder whose signatures are wrong", "/wrong-signature"),
  ocsp("https-ocsp-stranger", "names an OCSP responder that signs by an authority nobody trusts", "/stranger"),
  ocsp("https-ocsp-delegated", "names an OCSP responder of the issuer's choice", "/delegated"),
  ocsp(
    "https-ocsp-delegated-without-usage",
    "names an OCSP responder that signs by an ordinary certificate",
    "/delegated-without-usage",
  ),
  ocsp("https-ocsp-nonce-ignored", "names an OCSP responder that leaves out the nonce", "/nonce-ignored"),
  ocsp("https-ocsp-nonce-wrong", "names an OCSP responder that answers with a nonce of its own", "/nonce-wrong"),
  ocsp("https-ocsp-try-later", "names an OCSP responder that says: try later", "/try-later"),
  ocsp("https-ocsp-unauthorized", "names an OCSP responder that says: unauthorized", "/unauthorized"),
  ocsp("https-ocsp-malformed", "names an OCSP responder whose answers end in the middle", "/malformed"),
  ocsp("https-ocsp-html", "names an OCSP responder that answers with a page to log in", "/html"),
  ocsp("https-ocsp-huge", "names an OCSP responder that answers with 64 MiB", "/huge"),
  ocsp("https-ocsp-slow", "names an OCSP responder that answers after three seconds", "/slow"),
  ocsp("https-ocsp-silent", "names an OCSP responder that never answers", "/silent"),
  checked(
    "https-revoked",
    "shows a revoked certificate: its OCSP responder and its revocation list say so",
    (network, revoke) => {
      revoke();
      return { ocsp: [addressOf(network, "ocsp", "/")], crl: [addressOf(network, "crl", "/list.crl")] };
    },
  ),
  checked("https-revoked-by-ocsp", "shows a revoked certificate: its OCSP responder says so", (network, revoke) => {
    revoke();
    return { ocsp: [addressOf(network, "ocsp", "/")] };
  }),
]);

/** Certificates that name a revocation list. */
export const crlCheckedServices = serviceFamily("crl-checked", "name a revocation list in the certificate", [
  crl("https-crl-good", "names a revocation list on which it is not", "/list.crl"),
  checked("https-revoked-by-crl", "shows a revoked certificate: its revocation list says so", (network, revoke) => {
    revoke();
    return { crl: [addressOf(network, "crl", "/list.crl")] };
  }),
  checked(
    "https-revoked-on-long-crl",
    "shows a revoked certificate, the last of 20,000 on its revocation list",
    (network, revoke) => {
      revoke();
      return { crl: [addressOf(network, "crl", "/long.crl")] };
    },
  ),
  crl("https-crl-expired", "names a revocation list that expired yesterday", "/expired.crl"),
  crl("https-crl-not-yet-valid", "names a revocation list from tomorrow", "/not-yet-valid.crl"),
  crl(
    "https-crl-wrong-issuer",
    "names the revocation list of an authority that has not issued it",
    "/wrong-issuer.crl",
  ),
  crl("https-crl-evil-twin", "names the revocation list of another key with the issuer's name", "/evil-twin.crl"),
  crl("https-crl-malformed", "names a revocation list that ends in the middle", "/malformed.crl"),
  crl("https-crl-pem", "names a revocation list that is text, where it should be DER", "/pem.crl"),
  crl("https-crl-missing", "names a revocation list that is not there", "/missing.crl"),
  crl("https-crl-html", "names a revocation list that is a page to log in", "/html.crl"),
  crl("https-crl-huge", "names a revocation list of 64 MiB", "/huge.crl"),
  crl("https-crl-slow", "names a revocation list that comes after three seconds", "/slow.crl"),
  crl("https-crl-silent", "names a revocation list that never comes", "/silent.crl"),
]);

/** Certificates without their intermediate, which say where it can be had. */
export const issuerServices = serviceFamily("missing-issuers", "send no intermediate but say where it is", [
  aia("https-aia", "sends no intermediate but says where it is, which is true", "/intermediate.cer"),
  aia("https-aia-pkcs7", "sends no intermediate but says where it is, in PKCS #7 among others", "/intermediate.p7c"),
  aia("https-aia-pem", "sends no intermediate but says where it is, as text", "/intermediate.pem"),
  aia("https-aia-redirect", "sends no intermediate but says where it is, which redirects there", "/redirect.cer"),
  aia(
    "https-aia-redirect-loop",
    "sends no intermediate but says where it is, which redirects to itself",
    "/redirect-loop.cer",
  ),
  aia("https-aia-slow", "sends no intermediate but says where it is, which answers after three seconds", "/slow.cer"),
  aia("https-aia-silent", "sends no intermediate but says where it is, which never answers", "/silent.cer"),
  aia("https-aia-another", "sends no intermediate but says where it is, where another certificate is", "/another.cer"),
  aia(
    "https-aia-evil-twin",
    "sends no intermediate but says where it is, where another key has its name",
    "/evil-twin.cer",
  ),
  aia("https-aia-loop", "sends no intermediate but says where it is, where that one's issuer is the same", "/loop.cer"),
  aia(
    "https-aia-malformed",
    "sends no intermediate but says where it is, where half a certificate is",
    "/malformed.cer",
  ),
  aia("https-aia-html", "sends no intermediate but says where it is, where a page to log in is", "/html.cer"),
  aia("https-aia-missing", "sends no intermediate but says where it is, where nothing is", "/missing.cer"),
  aia("https-aia-huge", "sends no intermediate but says where it is, where 64 MiB are", "/huge.cer"),
]);

type Pointers = Pick<IssuingOptions, "ocsp" | "crl" | "issuers">;

function ocsp<const Name extends string>(name: Name, does: string, path: string): StreamServiceEntry<Name> {
  return checked(name, does, (network) => ({ ocsp: [addressOf(network, "ocsp", path)] }));
}

function crl<const Name extends string>(name: Name, does: string, path: CrlPath): StreamServiceEntry<Name> {
  return checked(name, does, (network) => ({ crl: [addressOf(network, "crl", path)] }));
}

function checked<const Name extends string>(
  name: Name,
  does: string,
  pointers: (network: NetworkContext, revoke: () => void) => Pointers,
): StreamServiceEntry<Name> {
  return httpsService({
    ...{ name, does },
    mint: ({ intermediate, revocations }, now, network) => {
      const serialNumber = randomSerialNumber();
      const pointing = pointers(network, () => {
        revocations.add(serialNumber, now - 3_600_000);
      });
      return mintCertificate({ issuer: intermediate, names: goodNames, now, serialNumber, ...pointing });
    },
  });
}

function aia<const Name extends string>(name: Name, does: string, path: AiaPath): StreamServiceEntry<Name> {
  return httpsService({
    ...{ name, does },
    mint: async ({ intermediate }, now, network) => {
      const issuers = [addressOf(network, "aia", path)];
      const { leaf, privateKey } = await mintCertificate({ issuer: intermediate, names: goodNames, now, issuers });
      return { certificate: leaf, privateKey };
    },
  });
}
