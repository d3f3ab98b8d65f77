import { type DerNode, DerFields, derTag, expectTag, hex, nonEmpty, readOid } from "./der-node.ts";

/** The name of a subject or issuer, in the form in which it is compared. */
export interface DistinguishedName {
  /** One key for each relative name; equal keys mean equal names. */
  readonly relativeNames: readonly string[];
  /** Equal for equal names. */
  readonly key: string;
  /** As RFC 4514 writes it, but in the order of the certificate; the peer's text. */
  readonly text: string;
  readonly commonNames: readonly string[];
  /** Addresses in the legacy attribute `emailAddress`, which name constraints reach too. */
  readonly mailAddresses: readonly string[];
  /** As it is encoded. */
  readonly raw: Uint8Array;
}

/**
 * Reads a Name. Strings are compared without regard to case, to their string type and to how many spaces they have.
 *
 * @throws MalformedDer
 * @see RFC 5280 section 7.1
 */
export function readDistinguishedName(node: DerNode): DistinguishedName {
  const attributes = expectTag(node, derTag.sequence).children.map((set) =>
    nonEmpty(set, derTag.set).map(readAttribute),
  );
  const relativeNames = attributes.map((set) => JSON.stringify(set.map(({ key }) => key).sort()));
  const all = attributes.flat();
  const valuesOf = (type: string): string[] => all.filter((each) => each.type === type).map(({ value }) => value ?? "");
  return {
    relativeNames,
    key: relativeNames.join(),
    text: attributes.map((set) => set.map(describe).join("+")).join(", "),
    commonNames: valuesOf(commonName),
    mailAddresses: valuesOf(emailAddress),
    raw: node.raw,
  };
}

/** Tells whether `name` lies in the subtree below `base`: it begins with the same relative names. RFC 5280 section 7.1. */
export function isWithinName(name: DistinguishedName, base: DistinguishedName): boolean {
  return base.relativeNames.every((relative, index) => name.relativeNames[index] === relative);
}

const commonName = "2.5.4.3";
const emailAddress = "1.2.840.113549.1.9.1";

const shortNames: Readonly<Record<string, string>> = {
  [commonName]: "CN",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "0.9.2342.19200300.100.1.25": "DC",
  [emailAddress]: "emailAddress",
};

interface Attribute {
  readonly type: string;
  readonly value: string | undefined;
  readonly raw: Uint8Array;
  readonly key: string;
}

function readAttribute(node: DerNode): Attribute {
  const fields = new DerFields(node);
  const type = readOid(fields.any());
  const { text: value, raw } = fields.any();
  fields.end();
  const key = value === undefined ? `${type}#${hex(raw)}` : `${type}=${prepare(value)}`;
  return { type, value, raw, key };
}

/** The part of RFC 4518 that changes what compares as equal. */
function prepare(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

function describe({ type, value, raw }: Attribute): string {
  return `${shortNames[type] ?? type}=${value ?? `#${hex(raw)}`}`;
}
