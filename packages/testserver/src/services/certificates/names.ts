import { goodNames } from "../../authority/authorities.ts";
import { mintCertificate } from "../../authority/authority.ts";
import { sequence } from "../../authority/protocol/der.ts";
import { attribute, type SubjectName } from "../../authority/protocol/names.ts";
import { serviceFamily, type StreamServiceEntry } from "../service-entry.ts";
import { httpsService } from "../tls/https-service.ts";

/** Certificates that are good in every way for names that are not, or hardly. */
export const nameServices = serviceFamily("certificate-names", "show a certificate for peculiar names", [
  named("https-wrong-host", "shows a certificate for elsewhere.invalid", ["elsewhere.invalid"]),
  named("https-no-names", "shows a certificate without any name: empty subject, no alternative names", [], ""),
  named(
    "https-no-common-name",
    "shows a good certificate whose subject is empty: its names are in the extension alone",
    goodNames,
    "",
  ),
  named(
    "https-common-name-only",
    "shows a certificate with a.fairlead.test as its common name and no alternative names (RFC 9525 section 2)",
    [],
    "a.fairlead.test",
  ),
  named(
    "https-common-name-elsewhere",
    "shows a good certificate whose common name is another host's",
    goodNames,
    "elsewhere.invalid",
  ),
  named(
    "https-common-name-right-names-wrong",
    "shows a certificate with the right common name and alternative names of another host",
    ["elsewhere.invalid"],
    "a.fairlead.test",
  ),
  named("https-wildcard", "shows a certificate for *.fairlead.test alone: one label below, not fairlead.test itself", [
    "*.fairlead.test",
  ]),
  named("https-wildcard-two-labels", "shows a certificate for *.*.fairlead.test", ["*.*.fairlead.test"]),
  named("https-wildcard-inside", "shows a certificate for a.*.test, whose wildcard is not the first label", [
    "a.*.test",
  ]),
  named("https-wildcard-partial", "shows a certificate for a*.fairlead.test, whose wildcard is a part of a label", [
    "a*.fairlead.test",
  ]),
  named("https-wildcard-bare", "shows a certificate for * alone", ["*"]),
  named("https-wildcard-top", "shows a certificate for *.test, which is a wildcard for every site of a top level", [
    "*.test",
  ]),
  named("https-wildcard-all", "shows a certificate for *.*.*, which nothing matches", ["*.*.*"]),
  named("https-idn", "shows a certificate for bücher.fairlead.test as an A-label, xn--bcher-kva.fairlead.test", [
    "xn--bcher-kva.fairlead.test",
  ]),
  named("https-idn-unicode", "shows a certificate for bücher.fairlead.test in UTF-8, where only ASCII may be", [
    "bücher.fairlead.test",
  ]),
  named("https-idn-wildcard", "shows a certificate for xn--*.fairlead.test, whose wildcard is inside of an A-label", [
    "xn--*.fairlead.test",
  ]),
  named("https-ip", "shows a certificate for 127.0.0.1 and ::1, and for no host name", ["127.0.0.1", "::1"], ""),
  named(
    "https-ip-as-dns-name",
    "shows a certificate for 127.0.0.1, written as if it were a host name",
    [{ dns: "127.0.0.1" }],
    "",
  ),
  named("https-ip-wildcard", "shows a certificate for *.0.0.1, a wildcard among addresses", [{ dns: "*.0.0.1" }], ""),
  named(
    "https-ip-of-no-length",
    "shows a certificate with an address of five octets",
    ["elsewhere.invalid", { ip: "12345" }],
    "",
  ),
  named(
    "https-nul-in-name",
    "shows a certificate for a.fairlead.test, a NUL byte, and .elsewhere.invalid",
    ["a.fairlead.test\0.elsewhere.invalid"],
    "",
  ),
  named(
    "https-nul-in-common-name",
    "shows a certificate whose common name is a.fairlead.test, a NUL byte, and more",
    [],
    "a.fairlead.test\0.elsewhere.invalid",
  ),
  named("https-trailing-dot", "shows a certificate for a.fairlead.test. with the dot of the root behind it", [
    "a.fairlead.test.",
  ]),
  named("https-leading-dot", "shows a certificate for .fairlead.test, as name constraints have it and names do not", [
    ".fairlead.test",
  ]),
  named("https-upper-case", "shows a good certificate for A.FAIRLEAD.TEST: names are compared without case", [
    "A.FAIRLEAD.TEST",
  ]),
  named("https-underscore", "shows a certificate for a_b.fairlead.test, which is no host name by RFC 1123", [
    "a_b.fairlead.test",
  ]),
  named("https-space-in-name", 'shows a certificate for "a.fairlead.test " with a space behind the name', [
    "a.fairlead.test ",
  ]),
  named("https-empty-name", "shows a certificate for a name of no characters", [""], ""),
  named("https-long-label", "shows a certificate for a host whose first label has 64 characters, one too many", [
    `${"a".repeat(64)}.fairlead.test`,
  ]),
  named(
    "https-long-name",
    "shows a certificate for a host name of 10,000 characters",
    [`${"a.".repeat(4993)}fairlead.test`],
    "",
  ),
  named(
    "https-uri-name",
    "shows a certificate for the URI https://a.fairlead.test/ and no host name",
    [{ uri: "https://a.fairlead.test/" }],
    "",
  ),
  named(
    "https-mail-name",
    "shows a certificate for the mail address root@a.fairlead.test and no host name",
    [{ mail: "root@a.fairlead.test" }],
    "",
  ),
  httpsService({
    name: "https-thousand-names",
    does: "shows a good certificate for a thousand names, of which the last is a.fairlead.test",
    example: exampleFor("a.fairlead.test"),
    mint: ({ intermediate }, now) =>
      mintCertificate({ issuer: intermediate, names: [...strangers(999), "a.fairlead.test"], commonName: "", now }),
  }),
  httpsService({
    name: "https-too-many-names",
    does: "shows a certificate for three thousand names, of which none is right",
    example: exampleFor("a.fairlead.test"),
    mint: ({ intermediate }, now) =>
      mintCertificate({ issuer: intermediate, names: strangers(3000), commonName: "", now }),
  }),
  httpsService({
    name: "https-two-common-names",
    does: "shows a certificate with two common names, the right one first, and no alternative names",
    example: exampleFor("a.fairlead.test"),
    mint: ({ intermediate }, now) =>
      mintCertificate({
        issuer: intermediate,
        names: [],
        now,
        change: (elements) => ({ ...elements, subject: commonNames("a.fairlead.test", "elsewhere.invalid") }),
      }),
  }),
]);

function named<const Name extends string>(
  name: Name,
  does: string,
  names: readonly SubjectName[],
  commonName?: string,
): StreamServiceEntry<Name> {
  return httpsService({
    name,
    does,
    example: exampleFor(hostFor(names)),
    mint: ({ intermediate }, now) => mintCertificate({ issuer: intermediate, names, commonName, now }),
  });
}

/** The host that a client of the service could take the certificate for. */
function hostFor([first]: readonly SubjectName[]): string {
  const text = typeof first === "string" ? first : first !== undefined && "dns" in first ? first.dns : "";
  if (text.includes("0.0.1")) return "{host}";
  if (text.startsWith("xn--")) return "xn--bcher-kva.fairlead.test";
  if (text.startsWith("*.*.")) return "a.b.fairlead.test";
  return text === "a_b.fairlead.test" ? text : "a.fairlead.test";
}

function exampleFor(host: string): string {
  return `curl --cacert {ca} --connect-to ::{host}:{port} https://${host}/echo`;
}

function strangers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `host-${index}.elsewhere.invalid`);
}

function commonNames(...texts: readonly string[]): Uint8Array {
  return sequence(...texts.map((text) => attribute("2.5.4.3", 0x0c, text)));
}
