import { nameServices } from "../../../src/services/certificates/names.ts";
import { describeServices } from "../../describe-services.ts";
import { judged, type Verdict } from "./verdicts.ts";

const otherName = { openssl: 62, gnutls: "The name in the certificate does not match the expected" } as const;
/** A name that is another host's. */
const mismatch = { ...otherName, fairlead: ["HOST_MISMATCH"] } as const satisfies Verdict;
/** A name that is none. */
const malformed = { ...otherName, fairlead: ["NAME_MALFORMED", "HOST_MISMATCH"] } as const satisfies Verdict;

describeServices(nameServices, {
  "https-wrong-host": judged({ ...mismatch, shows: /DNS:elsewhere\.invalid\n/ }),
  "https-no-names": judged({ ...mismatch, shows: /Subject: \n(?![^]*Alternative Name)/ }),
  "https-no-common-name": judged({ shows: /Subject: \n[^]*X509v3 Subject Alternative Name: critical\n/ }),
  // RFC 9525 section 2 forbids what older clients still do.
  "https-common-name-only": judged({
    fairlead: ["HOST_MISMATCH"],
    shows: /CN = a\.fairlead\.test\n(?![^]*Alternative)/,
  }),
  "https-common-name-elsewhere": judged({ shows: /CN = elsewhere\.invalid\n/ }),
  "https-common-name-right-names-wrong": judged({ ...mismatch, shows: /CN = a\.fairlead\.test\n/ }),
  "https-wildcard": judged(
    {},
    { host: "b.fairlead.test" },
    { ...mismatch, host: "fairlead.test" },
    { ...mismatch, host: "a.b.fairlead.test" },
  ),
  "https-wildcard-two-labels": judged(malformed, { ...malformed, host: "a.b.fairlead.test" }),
  "https-wildcard-inside": judged({ ...malformed, host: "a.fairlead.test" }),
  // OpenSSL lets wildcards be a part of a label, unless it is told not to.
  "https-wildcard-partial": judged({ ...malformed, openssl: 0, curl: 60 }),
  "https-wildcard-bare": judged(malformed, { ...malformed, host: "localhost" }),
  "https-wildcard-top": judged(mismatch, { ...mismatch, host: "fairlead.test" }),
  "https-wildcard-all": judged(malformed),
  "https-idn": judged(mismatch, { host: "xn--bcher-kva.fairlead.test" }),
  "https-idn-unicode": judged({ ...malformed, host: "xn--bcher-kva.fairlead.test" }),
  "https-idn-wildcard": judged({ ...malformed, host: "xn--bcher-kva.fairlead.test" }),
  "https-ip": judged(mismatch, { host: "127.0.0.1" }),
  "https-ip-as-dns-name": judged({ ...mismatch, host: "127.0.0.1", openssl: 64, shows: /DNS:127\.0\.0\.1\n/ }),
  "https-ip-wildcard": judged({ ...mismatch, host: "127.0.0.1", openssl: 64, shows: /DNS:\*\.0\.0\.1\n/ }),
  "https-ip-of-no-length": judged({ ...malformed, shows: /IP Address:<invalid length=5>/ }),
  "https-nul-in-name": judged({ ...malformed, shows: /a\.fairlead\.test\.\.elsewhere\.invalid/ }),
  "https-nul-in-common-name": judged({ ...mismatch, shows: /CN = a\.fairlead\.test\\00\.elsewhere\.invalid/ }),
  // curl takes the dot for the same name, which others do not.
  "https-trailing-dot": judged({ ...malformed, curl: 0, shows: /DNS:a\.fairlead\.test\.\n/ }),
  "https-leading-dot": judged({ ...malformed, shows: /DNS:\.fairlead\.test\n/ }),
  "https-upper-case": judged({ shows: /DNS:A\.FAIRLEAD\.TEST\n/ }),
  "https-underscore": judged(mismatch, { host: "a_b.fairlead.test" }),
  "https-space-in-name": judged({ ...malformed, shows: /DNS:a\.fairlead\.test \n/ }),
  "https-empty-name": judged({ ...malformed, gnutls: "Unknown Subject Alternative name", shows: /DNS:\n/ }),
  "https-long-label": judged({ ...malformed, shows: /DNS:a{64}\.fairlead\.test\n/ }),
  "https-long-name": judged({ ...malformed, shows: /DNS:(?:a\.){4993}fairlead\.test\n/ }),
  "https-uri-name": judged({ ...mismatch, shows: /URI:https:\/\/a\.fairlead\.test\/\n/ }),
  "https-mail-name": judged({ ...mismatch, shows: /email:root@a\.fairlead\.test\n/ }),
  "https-thousand-names": judged({ shows: /(?:DNS:host-\d+\.elsewhere\.invalid, ){999}DNS:a\.fairlead\.test\n/ }),
  "https-too-many-names": judged({ ...mismatch, shows: /(?:DNS:host-\d+\.elsewhere\.invalid(?:, |\n)){3000}/ }),
  // curl looks at the last, which OpenSSL's own check does not.
  "https-two-common-names": judged({ ...mismatch, openssl: 0, curl: 60, shows: /CN = a\.\S+ CN = elsewhere\.invalid/ }),
});
