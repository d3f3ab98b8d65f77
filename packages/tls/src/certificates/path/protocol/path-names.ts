import { type Certificate, isSelfIssued } from "./certificate.ts";
import type { GeneralName } from "./general-name.ts";
import { dnsNameFault } from "./host-name.ts";
import { judgeName, malformedConstraint, type NameConstraints, splitMail } from "./name-constraints.ts";
import type { Finding, PathProblemCode } from "./problems.ts";

/** A finding, and which certificate of the path it is about. */
export interface PlacedFinding extends Finding {
  readonly index: number;
}

/** Comparisons of a name with a constraint in one verification. Go's verifier stops at as many. */
export const maxNameComparisons = 250_000;

/**
 * Checks each name of the path against the constraints of all issuers above it. The path begins with the leaf.
 *
 * Names of self-issued certificates are not constrained, except the leaf's.
 *
 * @see RFC 5280 section 6.1.3 (b) and (c), section 6.1.4 (g)
 */
export function checkNameConstraints(path: readonly Certificate[]): readonly PlacedFinding[] {
  const findings: PlacedFinding[] = [];
  let comparisons = 0;
  for (const [issuerIndex, { extensions }] of path.entries()) {
    const constraints = extensions.nameConstraints;
    if (constraints === undefined) continue;
    const malformed = malformedConstraint(constraints);
    if (malformed !== undefined) {
      findings.push({ code: "NAME_CONSTRAINTS_MALFORMED", detail: malformed, index: issuerIndex });
      continue;
    }
    for (const [index, certificate] of path.slice(0, issuerIndex).entries()) {
      if (index > 0 && isSelfIssued(certificate)) continue;
      const names = constrainedNames(certificate);
      comparisons += names.length * (constraints.permitted.length + constraints.excluded.length);
      if (comparisons > maxNameComparisons) {
        findings.push({ code: "NAME_CONSTRAINTS_TOO_COSTLY", index });
        return findings;
      }
      findings.push(...names.flatMap((name) => judge(name, constraints, index)));
    }
  }
  return findings;
}

/** Checks that the names of one certificate are names: what is malformed could slip past a constraint. */
export function checkNameSyntax({ extensions }: Certificate): readonly Finding[] {
  return (extensions.subjectAltNames ?? []).flatMap((name): readonly Finding[] => {
    switch (name.type) {
      case "dns": {
        const fault = dnsNameFault(name.value);
        if (fault === undefined) return [];
        return [{ code: fault === "malformed" ? "NAME_MALFORMED" : "NAME_NOT_PREFERRED", detail: name.value }];
      }
      case "mail":
        return splitMail(name.value) === undefined ? [{ code: "NAME_MALFORMED", detail: name.value }] : [];
      case "ip":
        return name.value.length === 4 || name.value.length === 16
          ? []
          : [{ code: "NAME_MALFORMED", detail: `an IP address of ${String(name.value.length)} octets` }];
      case "uri":
      case "directory":
      case "unsupported":
        return [];
    }
  });
}

/** RFC 5280 section 4.2.1.10: the subject counts as a directory name, and its mail addresses where there is no other. */
function constrainedNames({ subject, extensions }: Certificate): readonly GeneralName[] {
  const names = extensions.subjectAltNames ?? [];
  const legacy = names.some(({ type }) => type === "mail") ? [] : subject.mailAddresses;
  return [
    ...names,
    ...legacy.map((value): GeneralName => ({ type: "mail", value })),
    ...(subject.relativeNames.length === 0 ? [] : [{ type: "directory", value: subject } as const]),
  ];
}

function judge(name: GeneralName, constraints: NameConstraints, index: number): readonly PlacedFinding[] {
  const code = verdictCodes[judgeName(name, constraints)];
  return code === undefined ? [] : [{ code, detail: describeName(name), index }];
}

const verdictCodes = {
  within: undefined,
  excluded: "NAME_EXCLUDED",
  "not-permitted": "NAME_NOT_PERMITTED",
  unsupported: "NAME_FORM_UNSUPPORTED",
} as const satisfies Record<string, PathProblemCode | undefined>;

function describeName(name: GeneralName): string {
  switch (name.type) {
    case "dns":
    case "mail":
    case "uri":
      return name.value;
    case "ip":
      return `IP ${[...name.value].join(".")}`;
    case "directory":
      return name.value.text;
    case "unsupported":
      return `form ${String(name.form)}`;
  }
}
