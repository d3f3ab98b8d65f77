import { element, explicit, nothing, octets, oid, sequence, type Der } from "../../authority/protocol/der.ts";
import { basicConstraints, extendedKeyUsage, extension, nameConstraints } from "../../authority/protocol/extensions.ts";
import { serviceFamily } from "../service-entry.ts";
import { type Change, changed } from "./malformed.ts";

const strangeId = "1.3.6.1.4.1.99999.1";

/** Certificates with extensions that should not be there, or not like this. */
export const extensionServices = serviceFamily(
  "certificate-extensions",
  "show a certificate with peculiar extensions",
  [
    changed("https-duplicate-names", "shows a certificate that has its alternative names twice", (elements) => ({
      ...elements,
      extensions: elements.extensions.flatMap((each) => (isAbout(each, "2.5.29.17") ? [each, each] : [each])),
    })),
    changed(
      "https-critical-extension",
      "shows a certificate with a critical extension that nobody knows",
      (elements) => ({
        ...elements,
        extensions: [...elements.extensions, extension(strangeId, nothing, { critical: true })],
      }),
    ),
    changed("https-unknown-extension", "shows a good certificate with an extension that nobody knows", (elements) => ({
      ...elements,
      extensions: [...elements.extensions, extension(strangeId, nothing)],
    })),
    changed("https-no-extensions", "shows a certificate with an empty list of extensions", (elements) => ({
      ...elements,
      extensions: [],
      rest: explicit(3, sequence()),
    })),
    changed("https-names-no-sequence", "shows alternative names that are a NULL", replaced("2.5.29.17", nothing)),
    changed("https-names-empty", "shows alternative names of which there are none", replaced("2.5.29.17", sequence())),
    changed("https-usage-empty", "shows an extended key usage that lists nothing", (elements) => ({
      ...elements,
      extensions: elements.extensions.map((each) => (isAbout(each, "2.5.29.37") ? extendedKeyUsage([]) : each)),
    })),
    changed(
      "https-key-usage-empty",
      "shows a key usage without any bit",
      replaced("2.5.29.15", element(0x03, Uint8Array.of(0))),
    ),
    changed(
      "https-path-length-of-leaf",
      "shows a certificate that is no authority and has a path length",
      (elements) => ({
        ...elements,
        extensions: [basicConstraints(false, 3), ...elements.extensions.slice(1)],
      }),
    ),
    changed(
      "https-name-constraints-of-leaf",
      "shows a certificate that is no authority and constrains names",
      (elements) => ({
        ...elements,
        extensions: [...elements.extensions, nameConstraints({ permitted: ["fairlead.test"] })],
      }),
    ),
    changed("https-boolean-of-one", "shows an extension whose critical is 1, where DER has 255", (elements) => ({
      ...elements,
      extensions: [
        sequence(oid("2.5.29.19"), element(0x01, Uint8Array.of(1)), octets(sequence())),
        ...elements.extensions.slice(1),
      ],
    })),
    changed(
      "https-critical-false",
      "shows an extension that says it is not critical, which DER leaves out",
      (elements) => ({
        ...elements,
        extensions: [
          sequence(oid("2.5.29.19"), element(0x01, Uint8Array.of(0)), octets(sequence())),
          ...elements.extensions.slice(1),
        ],
      }),
    ),
    changed("https-nested-deeply", "shows an extension of ten thousand sequences, one in the other", (elements) => ({
      ...elements,
      extensions: [...elements.extensions, extension(strangeId, nested(10_000))],
    })),
    changed("https-extension-of-a-megabyte", "shows a certificate with an extension of a megabyte", (elements) => ({
      ...elements,
      extensions: [...elements.extensions, extension(strangeId, octets(new Uint8Array(1_000_000)))],
    })),
  ],
);

/** Puts another value into an extension. */
function replaced(id: string, value: Der): Change {
  return (elements) => ({
    ...elements,
    extensions: elements.extensions.map((each) => (isAbout(each, id) ? extension(id, value) : each)),
  });
}

function isAbout(written: Uint8Array, id: string): boolean {
  const wanted = oid(id);
  return wanted.every((byte, index) => written[index + 2] === byte);
}

function nested(depth: number): Der {
  let inner = sequence();
  for (let level = 1; level < depth; level += 1) inner = sequence(inner);
  return inner;
}
