import { type Certificate, isSelfIssued } from "./certificate.ts";

const anyPolicy = "2.5.29.32.0";

/**
 * Tells whether the path's policies are as its issuers require. The user accepts any policy, so this asks only whether
 * some policy is left where one is required.
 *
 * A set of policies stands for the tree of RFC 5280: for this question only its lowest level matters. `path` begins with
 * the leaf; the anchor takes no part.
 *
 * @see RFC 5280 section 6.1.2 (d) to (f), 6.1.3 (d) to (f), 6.1.4 (a), (b), (h) to (j), 6.1.5
 */
export function policiesSuffice(path: readonly Certificate[]): boolean {
  const certificates = path.slice(0, -1).reverse();
  let explicit = Infinity;
  let mapping = Infinity;
  let any = Infinity;
  let policies: ReadonlySet<string> = new Set([anyPolicy]);
  for (const [position, certificate] of certificates.entries()) {
    const leaf = position === certificates.length - 1;
    const { extensions } = certificate;
    const selfIssued = isSelfIssued(certificate);
    policies = narrow(policies, extensions.policies ?? [], any > 0 || (!leaf && selfIssued));
    if (explicit <= 0 && policies.size === 0) return false;
    if (!leaf) policies = map(policies, extensions.policyMappings ?? [], mapping > 0);
    if (leaf || !selfIssued) {
      explicit--;
      mapping--;
      any--;
    }
    const { requireExplicit, inhibitMapping } = extensions.policyConstraints ?? {};
    if (leaf) {
      if (requireExplicit === 0) explicit = 0;
    } else {
      explicit = Math.min(explicit, requireExplicit ?? Infinity);
      mapping = Math.min(mapping, inhibitMapping ?? Infinity);
      any = Math.min(any, extensions.inhibitAnyPolicy ?? Infinity);
    }
  }
  return explicit > 0 || policies.size > 0;
}

function narrow(expected: ReadonlySet<string>, stated: readonly string[], anyCounts: boolean): ReadonlySet<string> {
  const kept = stated.filter((policy) => policy !== anyPolicy && (expected.has(policy) || expected.has(anyPolicy)));
  return new Set([...kept, ...(anyCounts && stated.includes(anyPolicy) ? expected : [])]);
}

function map(
  policies: ReadonlySet<string>,
  mappings: readonly { readonly issuer: string; readonly subject: string }[],
  allowed: boolean,
): ReadonlySet<string> {
  const mapped = new Set(mappings.map(({ issuer }) => issuer));
  const kept = [...policies].filter((policy) => !mapped.has(policy));
  const reached = mappings.filter(({ issuer }) => policies.has(issuer) || policies.has(anyPolicy));
  return new Set([...kept, ...(allowed ? reached.map(({ subject }) => subject) : [])]);
}
