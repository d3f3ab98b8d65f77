/** The name of a policy or an extension, as its specification writes it; `undefined` for what is not known. */
export function objectIdentifierName(oid: string): string | undefined {
  return names.get(oid);
}

const names: ReadonlyMap<string, string> = new Map([
  // CA/Browser Forum, Baseline Requirements section 7.1.6.1.
  ["2.23.140.1.1", "Extended validation"],
  ["2.23.140.1.2.1", "Domain validated"],
  ["2.23.140.1.2.2", "Organization validated"],
  ["2.23.140.1.2.3", "Individual validated"],
  // RFC 5280 section 4.2.
  ["2.5.29.9", "Subject Directory Attributes"],
  ["2.5.29.14", "Subject Key Identifier"],
  ["2.5.29.15", "Key Usage"],
  ["2.5.29.17", "Subject Alternative Name"],
  ["2.5.29.18", "Issuer Alternative Name"],
  ["2.5.29.19", "Basic Constraints"],
  ["2.5.29.30", "Name Constraints"],
  ["2.5.29.31", "CRL Distribution Points"],
  ["2.5.29.32", "Certificate Policies"],
  ["2.5.29.32.0", "Any policy"],
  ["2.5.29.33", "Policy Mappings"],
  ["2.5.29.35", "Authority Key Identifier"],
  ["2.5.29.36", "Policy Constraints"],
  ["2.5.29.37", "Extended Key Usage"],
  ["2.5.29.46", "Freshest CRL"],
  ["2.5.29.54", "Inhibit anyPolicy"],
  ["1.3.6.1.5.5.7.1.1", "Authority Information Access"],
  ["1.3.6.1.5.5.7.1.11", "Subject Information Access"],
  ["1.3.6.1.5.5.7.1.3", "Qualified Certificate Statements"],
  // RFC 7633, RFC 6960 section 4.2.2.2.1, RFC 6962 section 3.3.
  ["1.3.6.1.5.5.7.1.24", "TLS Feature"],
  ["1.3.6.1.5.5.7.48.1.5", "OCSP No Check"],
  ["1.3.6.1.4.1.11129.2.4.2", "Signed Certificate Timestamps"],
  ["1.3.6.1.4.1.11129.2.4.3", "CT Precertificate Poison"],
]);
