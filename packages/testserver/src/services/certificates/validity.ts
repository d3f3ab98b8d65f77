import { goodNames } from "../../authority/authorities.ts";
import { type CertificateOptions, mintAuthority, mintCertificate } from "../../authority/authority.ts";
import { generalizedTime, sequence } from "../../authority/protocol/der.ts";
import { serviceFamily } from "../service-entry.ts";
import { httpsService } from "../tls/https-service.ts";

const day = 86_400_000;

/** Certificates that are valid at another time than now, or for how long no authority would have them. */
export const validityServices = serviceFamily("certificate-validity", "show a certificate with peculiar dates", [
  httpsService({
    name: "https-expired",
    does: "shows a certificate that expired yesterday",
    mint: ({ intermediate }, now) =>
      mintCertificate({ issuer: intermediate, names: goodNames, ...dates(now - 30 * day, now - day) }),
  }),
  httpsService({
    name: "https-not-yet-valid",
    does: "shows a certificate that becomes valid tomorrow",
    mint: ({ intermediate }, now) =>
      mintCertificate({ issuer: intermediate, names: goodNames, ...dates(now + day, now + 30 * day) }),
  }),
  httpsService({
    name: "https-expired-intermediate",
    does: "shows a good certificate whose intermediate expired yesterday",
    mint: async ({ root }, now) => {
      const issuer = await mintAuthority({ issuer: root, commonName: "Expired", ...dates(now - 300 * day, now - day) });
      return await mintCertificate({ issuer, names: goodNames, now });
    },
  }),
  httpsService({
    name: "https-not-yet-valid-intermediate",
    does: "shows a good certificate whose intermediate becomes valid tomorrow",
    mint: async ({ root }, now) => {
      const issuer = await mintAuthority({ issuer: root, commonName: "Future", ...dates(now + day, now + 300 * day) });
      return await mintCertificate({ issuer, names: goodNames, now });
    },
  }),
  httpsService({
    name: "https-expires-in-an-hour",
    does: "shows a certificate that expires in an hour: put the clock forward, connect, and see",
    mint: ({ intermediate }, now) =>
      mintCertificate({ issuer: intermediate, names: goodNames, ...dates(now - day, now + day / 24) }),
  }),
  httpsService({
    name: "https-valid-399-days",
    does: "shows a certificate that is valid for 399 days, one more than browsers allow",
    mint: ({ intermediate }, now) =>
      mintCertificate({ issuer: intermediate, names: goodNames, ...dates(now - day, now + 398 * day) }),
  }),
  httpsService({
    name: "https-valid-for-a-century",
    does: "shows a certificate that is valid for a hundred years, until after 2050: its end is a GeneralizedTime",
    mint: ({ intermediate }, now) =>
      mintCertificate({ issuer: intermediate, names: goodNames, ...dates(now - day, now + 36_500 * day) }),
  }),
  httpsService({
    name: "https-valid-for-ever",
    does: "shows a certificate that has no well-defined end: 99991231235959Z (RFC 5280 section 4.1.2.5)",
    mint: ({ intermediate }, now) =>
      mintCertificate({
        issuer: intermediate,
        names: goodNames,
        ...dates(now - day, Date.UTC(9999, 11, 31, 23, 59, 59)),
      }),
  }),
  httpsService({
    name: "https-ends-before-it-begins",
    does: "shows a certificate whose end is before its beginning",
    mint: ({ intermediate }, now) =>
      mintCertificate({ issuer: intermediate, names: goodNames, ...dates(now + day, now - day) }),
  }),
  httpsService({
    name: "https-generalized-time",
    does: "shows a certificate whose dates before 2050 are GeneralizedTime, which RFC 5280 forbids",
    mint: ({ intermediate }, now) =>
      mintCertificate({
        issuer: intermediate,
        names: goodNames,
        change: (elements) => ({
          ...elements,
          validity: sequence(generalizedTime(now - day), generalizedTime(now + 30 * day)),
        }),
      }),
  }),
]);

function dates(from: number, to: number): Pick<CertificateOptions, "notBefore" | "notAfter"> {
  return { notBefore: new Date(from), notAfter: new Date(to) };
}
