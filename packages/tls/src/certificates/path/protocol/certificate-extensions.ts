import {
  contextTag,
  DerFields,
  type DerNode,
  derTag,
  expectTag,
  MalformedDer,
  nonEmpty,
  readBoolean,
  readNamedBits,
  readOid,
  readUnsigned,
  type ReadDer,
} from "./der-node.ts";
import { type GeneralName, readGeneralName } from "./general-name.ts";
import { type NameConstraints, readNameConstraints } from "./name-constraints.ts";

/** Object identifiers of the extensions that are understood. RFC 5280 section 4.2. */
export const extensionOid = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  certificatePolicies: "2.5.29.32",
  policyMappings: "2.5.29.33",
  authorityKeyIdentifier: "2.5.29.35",
  policyConstraints: "2.5.29.36",
  extendedKeyUsage: "2.5.29.37",
  inhibitAnyPolicy: "2.5.29.54",
  authorityInfoAccess: "1.3.6.1.5.5.7.1.1",
  tlsFeature: "1.3.6.1.5.5.7.1.24",
} as const;

/** Bits of the key usage extension. RFC 5280 section 4.2.1.3. */
export const keyUsageBit = {
  digitalSignature: 0,
  keyEncipherment: 2,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
} as const;

/** What the extensions of a certificate say; a field is `undefined` where the extension is missing or malformed. */
export interface CertificateExtensions {
  readonly present: ReadonlySet<string>;
  readonly critical: ReadonlySet<string>;
  /** Understood, but with contents that are not what they should be. */
  readonly malformed: ReadonlySet<string>;
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | undefined } | undefined;
  readonly keyUsage: ReadonlySet<number> | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly subjectAltNames: readonly GeneralName[] | undefined;
  readonly nameConstraints: NameConstraints | undefined;
  readonly policies: readonly string[] | undefined;
  readonly policyMappings: readonly { readonly issuer: string; readonly subject: string }[] | undefined;
  readonly policyConstraints:
    | { readonly requireExplicit: number | undefined; readonly inhibitMapping: number | undefined }
    | undefined;
  readonly inhibitAnyPolicy: number | undefined;
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  /** Extensions of TLS that the server promises to answer: 5 is the stapled response. RFC 7633. */
  readonly tlsFeatures: readonly number[] | undefined;
  readonly authorityInfoAccess: AuthorityInfoAccess | undefined;
}

/** Where more is to be had; URIs as the issuer wrote them, unchecked. RFC 5280 section 4.2.2.1. */
export interface AuthorityInfoAccess {
  /** Of the issuer's own certificate. */
  readonly issuers: readonly string[];
  /** Of OCSP responders. */
  readonly responders: readonly string[];
}

/** Which key, and which certificate of it, signed. RFC 5280 section 4.2.1.1. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined;
  readonly namesIssuer: boolean;
}

/** @throws MalformedDer when the list itself is malformed, or names an extension twice (RFC 5280 section 4.2). */
export function readExtensions(node: DerNode | undefined, readDer: ReadDer): CertificateExtensions {
  const values = readExtensionList(node);
  const malformed = new Set<string>();
  const read = <T>(oid: string, reader: (value: DerNode) => T): T | undefined => {
    const extension = values.get(oid);
    if (extension === undefined) return undefined;
    try {
      return reader(readDer(extension.value));
    } catch (error) {
      if (!(error instanceof MalformedDer)) throw error;
      malformed.add(oid);
      return undefined;
    }
  };
  const extensions = {
    basicConstraints: read(extensionOid.basicConstraints, readBasicConstraints),
    keyUsage: read(extensionOid.keyUsage, readNamedBits),
    extendedKeyUsage: read(extensionOid.extendedKeyUsage, (value) => nonEmpty(value).map(readOid)),
    subjectAltNames: read(extensionOid.subjectAltName, (value) => nonEmpty(value).map(readGeneralName)),
    nameConstraints: read(extensionOid.nameConstraints, readNameConstraints),
    policies: read(extensionOid.certificatePolicies, readPolicies),
    policyMappings: read(extensionOid.policyMappings, readPolicyMappings),
    policyConstraints: read(extensionOid.policyConstraints, readPolicyConstraints),
    inhibitAnyPolicy: read(extensionOid.inhibitAnyPolicy, readUnsigned),
    authorityKeyIdentifier: read(extensionOid.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    subjectKeyIdentifier: read(
      extensionOid.subjectKeyIdentifier,
      (value) => expectTag(value, derTag.octetString).content,
    ),
    tlsFeatures: read(extensionOid.tlsFeature, (value) => nonEmpty(value).map((feature) => readUnsigned(feature))),
    authorityInfoAccess: read(extensionOid.authorityInfoAccess, readAuthorityInfoAccess),
  };
  const critical = [...values].flatMap(([oid, extension]) => (extension.critical ? [oid] : []));
  return { present: new Set(values.keys()), critical: new Set(critical), malformed, ...extensions };
}

/** One extension, its value unread. */
export interface RawExtension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** Reads `[n] EXPLICIT Extensions`, by object identifier. @throws MalformedDer, also for an extension that is there twice. */
export function readExtensionList(node: DerNode | undefined): ReadonlyMap<string, RawExtension> {
  const values = new Map<string, RawExtension>();
  if (node === undefined) return values;
  const [list, more] = node.children;
  if (list === undefined || more !== undefined) throw new MalformedDer("the extensions are malformed");
  for (const extension of nonEmpty(list)) {
    const fields = new DerFields(extension);
    const oid = readOid(fields.any());
    const critical = fields.optional(derTag.boolean);
    const { content: value } = fields.take(derTag.octetString);
    fields.end();
    if (values.has(oid)) throw new MalformedDer(`extension ${oid} is there twice`);
    values.set(oid, { critical: critical !== undefined && readBoolean(critical), value });
  }
  return values;
}

function readBasicConstraints(node: DerNode): { readonly ca: boolean; readonly pathLength: number | undefined } {
  const fields = new DerFields(node);
  const ca = fields.optional(derTag.boolean);
  const pathLength = fields.optional(derTag.integer);
  fields.end();
  return { ca: ca !== undefined && readBoolean(ca), pathLength: pathLength && readUnsigned(pathLength) };
}

function readPolicies(node: DerNode): readonly string[] {
  const policies = nonEmpty(node).map((policy) => readOid(new DerFields(policy).any()));
  if (new Set(policies).size < policies.length) throw new MalformedDer("a policy is there twice");
  return policies;
}

function readPolicyMappings(node: DerNode): readonly { readonly issuer: string; readonly subject: string }[] {
  return nonEmpty(node).map((mapping) => {
    const fields = new DerFields(mapping);
    const read = { issuer: readOid(fields.any()), subject: readOid(fields.any()) };
    fields.end();
    return read;
  });
}

function readPolicyConstraints(node: DerNode): {
  readonly requireExplicit: number | undefined;
  readonly inhibitMapping: number | undefined;
} {
  const fields = new DerFields(node);
  const [explicitTag, mappingTag] = [contextTag(0, "primitive"), contextTag(1, "primitive")];
  const explicit = fields.optional(explicitTag);
  const mapping = fields.optional(mappingTag);
  fields.end();
  if (explicit === undefined && mapping === undefined) throw new MalformedDer("the policy constraints are empty");
  return {
    requireExplicit: explicit && readUnsigned(explicit, explicitTag),
    inhibitMapping: mapping && readUnsigned(mapping, mappingTag),
  };
}

function readAuthorityKeyIdentifier(node: DerNode): AuthorityKeyIdentifier {
  const fields = new DerFields(node);
  const keyIdentifier = fields.optional(contextTag(0, "primitive"))?.content;
  const issuer = fields.optional(contextTag(1, "constructed"));
  const serial = fields.optional(contextTag(2, "primitive"));
  fields.end();
  return { keyIdentifier, namesIssuer: issuer !== undefined || serial !== undefined };
}

function readAuthorityInfoAccess(node: DerNode): AuthorityInfoAccess {
  const found = nonEmpty(node).map((description) => {
    const fields = new DerFields(description);
    const read = { method: readOid(fields.any()), location: readGeneralName(fields.any()) };
    fields.end();
    return read;
  });
  const uris = (wanted: string): readonly string[] =>
    found.flatMap(({ method, location }) => (method === wanted && location.type === "uri" ? [location.value] : []));
  return { issuers: uris("1.3.6.1.5.5.7.48.2"), responders: uris("1.3.6.1.5.5.7.48.1") };
}
