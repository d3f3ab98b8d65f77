import { usageServices } from "../../../src/services/certificates/usages.ts";
import { describeServices } from "../../describe-services.ts";
import { judged } from "./verdicts.ts";

describeServices(usageServices, {
  "https-client-usage": judged({
    openssl: 26,
    gnutls: "chain does not match the intended purpose.",
    fairlead: ["PURPOSE_FORBIDDEN"],
  }),
  "https-code-signing-usage": judged({
    openssl: 26,
    gnutls: "chain does not match the intended purpose.",
    fairlead: ["PURPOSE_FORBIDDEN"],
  }),
  "https-mail-usage": judged({
    openssl: 26,
    gnutls: "chain does not match the intended purpose.",
    fairlead: ["PURPOSE_FORBIDDEN"],
  }),
  "https-any-usage": judged({ openssl: 26, fairlead: ["PURPOSE_FORBIDDEN"], shows: /Any Extended Key Usage/ }),
  "https-no-usage": judged({ shows: /^(?![^]*Extended Key Usage)/ }),
  "https-both-usages": judged({ shows: /TLS Web Server Authentication, TLS Web Client Authentication/ }),
  "https-cannot-sign": judged({
    gnutls: "Key usage violation",
    shows: /X509v3 Key Usage: critical\n +Key Agreement\n/,
  }),
  "https-only-encrypts": judged({
    gnutls: "Key usage violation",
    shows: /X509v3 Key Usage: critical\n +Key Encipherment\n/,
  }),
  "https-only-signs": judged({
    gnutls: "Key usage violation",
    shows: /X509v3 Key Usage: critical\n +Digital Signature\n/,
  }),
  "https-signs-certificates": judged({
    openssl: 26,
    gnutls: "Key usage violation in certificate has been detected.",
    fairlead: ["KEY_USAGE_UNSUITABLE"],
  }),
  "https-no-key-usage": judged({ shows: /^(?![^]*X509v3 Key Usage)/ }),
  "https-authority-as-server": judged({ shows: /CA:TRUE/ }),
  "https-issuer-no-authority": judged({ openssl: 26, gnutls: "issuer is not a CA.", fairlead: ["NOT_A_CA"] }),
  "https-issued-by-leaf": judged({
    openssl: 32,
    gnutls: "issuer is not a CA. The certificate chain violates the signer's constraints.",
    fairlead: ["ISSUER_UNKNOWN"],
  }),
  "https-issuer-without-constraints": judged({ openssl: 79, gnutls: "issuer is not a CA.", fairlead: ["NOT_A_CA"] }),
  "https-issuer-cannot-sign": judged({
    openssl: 32,
    gnutls: "chain violates the signer's constraints.",
    fairlead: ["ISSUER_UNKNOWN"],
  }),
  "https-path-too-long": judged({
    openssl: 25,
    gnutls: "chain violates the signer's constraints.",
    fairlead: ["PATH_LENGTH_EXCEEDED"],
  }),
  "https-path-long-enough": judged({ issuerShows: /Issuer: CN = Last but One\n[^]*CA:TRUE, pathlen:0\n/ }),
  "https-names-permitted": judged({ issuerShows: /Permitted:\n +DNS:fairlead\.test\n/ }),
  "https-names-not-permitted": judged({
    openssl: 47,
    gnutls: "chain violates the signer's constraints.",
    fairlead: ["NAME_NOT_PERMITTED"],
  }),
  "https-names-excluded": judged({
    openssl: 48,
    gnutls: "chain violates the signer's constraints.",
    fairlead: ["NAME_EXCLUDED"],
  }),
  "https-address-not-permitted": judged({
    openssl: 47,
    gnutls: "chain violates the signer's constraints.",
    fairlead: ["NAME_NOT_PERMITTED"],
  }),
  "https-address-excluded": judged({
    openssl: 48,
    gnutls: "chain violates the signer's constraints.",
    fairlead: ["NAME_EXCLUDED"],
  }),
  "https-names-constrained-one-bad": judged({
    openssl: 47,
    gnutls: "chain violates the signer's constraints.",
    fairlead: ["NAME_NOT_PERMITTED"],
  }),
  "https-common-name-not-permitted": judged({
    openssl: 47,
    gnutls: "chain violates the signer's constraints.",
    fairlead: ["HOST_MISMATCH"],
  }),
});
