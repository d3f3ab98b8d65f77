import { serviceFamily } from "../service-entry.ts";
import { openAia } from "./aia-service.ts";
import { openCrl } from "./crl-service.ts";
import { openOcsp } from "./ocsp-service.ts";

/** Services that an authority runs, which certificates of other services point to. */
export const authorityServices = serviceFamily("authority", "stand beside an authority, as its certificates say", [
  {
    name: "ocsp",
    scheme: "http",
    does: "answers OCSP by POST and GET, truly at /, and in many other ways at /revoked, /silent and so on",
    example: "openssl ocsp -issuer INTERMEDIATE -cert LEAF -url {origin}/ -CAfile {ca}",
    open: openOcsp,
  },
  {
    name: "crl",
    scheme: "http",
    does: "gives away revocation lists: /list.crl, and others that are late, wrong or expired",
    example: "curl {origin}/list.crl | openssl crl -inform DER -text",
    open: openCrl,
  },
  {
    name: "aia",
    scheme: "http",
    does: "gives away issuers' certificates: /intermediate.cer, and others that are late, wrong or endless",
    example: "curl {origin}/intermediate.cer | openssl x509 -inform DER -text",
    open: openAia,
  },
]);
