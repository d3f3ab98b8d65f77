import { extensionServices } from "../../../src/services/certificates/extensions.ts";
import { describeServices } from "../../describe-services.ts";
import { judged } from "./verdicts.ts";

describeServices(extensionServices, {
  "https-duplicate-names": judged({
    openssl: 21,
    curl: 35,
    gnutls: "Duplicate extension in X.509 certificate.",
    fairlead: ["CERTIFICATE_MALFORMED"],
  }),
  "https-critical-extension": judged({
    openssl: 34,
    gnutls: "contains an unknown critical extension.",
    fairlead: ["EXTENSION_UNKNOWN"],
    shows: /1\.3\.6\.1\.4\.1\.99999\.1: critical\n/,
  }),
  "https-unknown-extension": judged({ shows: /1\.3\.6\.1\.4\.1\.99999\.1: \n/ }),
  "https-no-extensions": judged({ fairlead: ["CERTIFICATE_MALFORMED"], shows: /^(?![^]*Alternative Name)/ }),
  "https-names-no-sequence": judged({
    openssl: 21,
    curl: 35,
    gnutls: "ASN1 parser: Error in TAG.",
    fairlead: ["ISSUER_UNKNOWN", "EXTENSION_MALFORMED", "HOST_MISMATCH"],
  }),
  "https-names-empty": judged({
    fairlead: ["EXTENSION_MALFORMED", "HOST_MISMATCH"],
    shows: /Alternative Name: *\n *<EMPTY>/,
  }),
  "https-usage-empty": judged({ openssl: 26, fairlead: ["EXTENSION_MALFORMED"], shows: /Extended Key Usage: *\n/ }),
  "https-key-usage-empty": judged({ openssl: 21, curl: 35, fairlead: ["ISSUER_UNKNOWN", "KEY_USAGE_UNSUITABLE"] }),
  "https-path-length-of-leaf": judged({ shows: /CA:FALSE, pathlen:3/ }),
  "https-name-constraints-of-leaf": judged({ shows: /Name Constraints: critical\n/ }),
  "https-boolean-of-one": judged({ fairlead: ["CERTIFICATE_MALFORMED"] }),
  "https-critical-false": judged({ isWritten: /BOOLEAN +:0\n/ }),
  "https-nested-deeply": judged({ shows: /99999\.1: \n/ }),
  "https-extension-of-a-megabyte": judged({
    curl: 35,
    gnutls: "The handshake data size is too large.",
    fairlead: ["TLS_HANDSHAKE_FAILED"],
    says: "excessive message size",
  }),
});
