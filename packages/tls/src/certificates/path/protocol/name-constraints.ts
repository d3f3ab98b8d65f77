import { contextTag, DerFields, type DerNode, MalformedDer, nonEmpty, readUnsigned } from "./der-node.ts";
import { isWithinName } from "./distinguished-name.ts";
import { type GeneralName, readGeneralName } from "./general-name.ts";
import { dnsNameFault } from "./host-name.ts";

/** The name space within which an issuer may certify. RFC 5280 section 4.2.1.10. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** @throws MalformedDer */
export function readNameConstraints(node: DerNode): NameConstraints {
  const fields = new DerFields(node);
  const permitted = fields.optional(contextTag(0, "constructed"));
  const excluded = fields.optional(contextTag(1, "constructed"));
  fields.end();
  if (permitted === undefined && excluded === undefined) throw new MalformedDer("the name constraints are empty");
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) };
}

/** Says which constraint is in no form that RFC 5280 section 4.2.1.10 knows; `undefined` when all are. */
export function malformedConstraint({ permitted, excluded }: NameConstraints): string | undefined {
  for (const base of [...permitted, ...excluded]) {
    if (base.type === "ip" && !isNetwork(base.value)) return "an IP range";
    if (base.type === "dns" && !isHostConstraint(base.value)) return base.value;
    if (base.type === "uri" && !isHostConstraint(base.value.replace(/^\./, ""))) return base.value;
    if (base.type === "mail" && !isMailConstraint(base.value)) return base.value;
  }
  return undefined;
}

/** What constraints say about one name. */
export type NameVerdict = "within" | "excluded" | "not-permitted" | "unsupported";

/**
 * Judges one name. A name with a wildcard is excluded when any name that it stands for is, and permitted only when all
 * are. Forms that are not constrained are within.
 */
export function judgeName(name: GeneralName, { permitted, excluded }: NameConstraints): NameVerdict {
  const sameForm = (base: GeneralName): boolean =>
    base.type === name.type && (base.type !== "unsupported" || name.type !== "unsupported" || base.form === name.form);
  const bases = permitted.filter(sameForm);
  const exclusions = excluded.filter(sameForm);
  if (name.type === "unsupported") return bases.length + exclusions.length === 0 ? "within" : "unsupported";
  if (exclusions.some((base) => mayBeWithin(name, base))) return "excluded";
  return bases.length === 0 || bases.some((base) => isWithin(name, base)) ? "within" : "not-permitted";
}

function readSubtrees(node: DerNode | undefined): readonly GeneralName[] {
  if (node === undefined) return [];
  return nonEmpty(node, node.tag).map((subtree) => {
    const fields = new DerFields(subtree);
    const base = readGeneralName(fields.any());
    const minimum = fields.optional(contextTag(0, "primitive"));
    fields.end();
    // "minimum MUST be zero, and maximum MUST be absent".
    if (minimum !== undefined && readUnsigned(minimum, minimum.tag) !== 0) throw new MalformedDer("a minimum is not 0");
    return base;
  });
}

function isWithin(name: GeneralName, base: GeneralName): boolean {
  if (name.type === "ip" && base.type === "ip") return isInNetwork(name.value, base.value);
  if (name.type === "directory" && base.type === "directory") return isWithinName(name.value, base.value);
  if (name.type === "dns" && base.type === "dns") return isInDomain(name.value.replace(/^\*\./, ""), base.value);
  if (name.type === "mail" && base.type === "mail") return isInMailDomain(name.value, base.value);
  return name.type === "uri" && base.type === "uri" && isInUriDomain(name.value, base.value);
}

function mayBeWithin(name: GeneralName, base: GeneralName): boolean {
  if (name.type === "dns" && base.type === "dns" && name.value.startsWith("*.")) {
    // `*.example.com` stands for `bar.example.com`, which a constraint on that name or above it reaches.
    const parent = base.value.slice(base.value.indexOf(".") + 1);
    return isWithin(name, base) || (base.value.includes(".") && sameText(parent, name.value.slice(2)));
  }
  // What cannot be read may be anywhere: a URI without a host, a mail address that is none.
  if (name.type === "uri" && uriHost(name.value) === undefined) return true;
  if (name.type === "mail" && splitMail(name.value) === undefined) return true;
  return isWithin(name, base);
}

/** "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side." */
function isInDomain(name: string, base: string): boolean {
  return base === "" || sameText(name, base) || name.toLowerCase().endsWith(`.${base.toLowerCase()}`);
}

function isInMailDomain(address: string, base: string): boolean {
  const [local, host] = splitMail(address) ?? [];
  if (local === undefined || host === undefined) return false;
  if (base.includes("@")) {
    const [baseLocal, baseHost] = splitMail(base) ?? [];
    // The local part is case-sensitive (RFC 5280 section 7.5); nothing in it is a wildcard.
    return local === baseLocal && baseHost !== undefined && sameText(host, baseHost);
  }
  return isInHostOrSubdomains(host, base);
}

function isInUriDomain(uri: string, base: string): boolean {
  const host = uriHost(uri);
  return host !== undefined && isInHostOrSubdomains(host, base);
}

/** A leading period means the hosts below, and none means this host. */
function isInHostOrSubdomains(host: string, base: string): boolean {
  if (base === "") return true;
  return base.startsWith(".") ? host.toLowerCase().endsWith(base.toLowerCase()) : sameText(host, base);
}

/** The host name in a URI's authority; `undefined` where there is none, or an IP literal: those satisfy no constraint. */
function uriHost(uri: string): string | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#@:[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)?.[1];
  return host === undefined || dnsNameFault(host) !== undefined ? undefined : host;
}

/** Splits at the one `@` that there must be; `undefined` for what is no mail address. */
export function splitMail(address: string): readonly [local: string, host: string] | undefined {
  const [local, host, more] = address.split("@");
  if (local === undefined || host === undefined || more !== undefined || local === "") return undefined;
  const printableAscii = /^[\x21-\x7e]+$/.test(local);
  return printableAscii && dnsNameFault(host) === undefined && !host.startsWith("*") ? [local, host] : undefined;
}

function isHostConstraint(base: string): boolean {
  return base === "" || (dnsNameFault(base) !== "malformed" && !base.startsWith("*"));
}

function isMailConstraint(base: string): boolean {
  return base.includes("@") ? splitMail(base) !== undefined : isHostConstraint(base.replace(/^\./, ""));
}

/** An address and a mask whose ones come first. RFC 4632 section 3.1. */
function isNetwork(value: Uint8Array): boolean {
  if (value.length !== 8 && value.length !== 32) return false;
  let bits = "";
  for (const byte of value.subarray(value.length / 2)) bits += byte.toString(2).padStart(8, "0");
  return /^1*0*$/.test(bits);
}

function isInNetwork(address: Uint8Array, network: Uint8Array): boolean {
  const size = network.length / 2;
  if (address.length !== size) return false;
  return address.every((byte, index) => {
    const mask = network[size + index] ?? 0xff;
    return (byte & mask) === ((network[index] ?? 0) & mask);
  });
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
