import { parseDer } from "../../tickets/protocol/der.ts";
import { type Certificate, readCertificate } from "./protocol/certificate.ts";
import { MalformedDer } from "./protocol/der-node.ts";
import { type DistinguishedName, readDistinguishedName } from "./protocol/distinguished-name.ts";
import type { Anchors } from "./protocol/path-builder.ts";
import { readDer } from "./read-der.ts";

/**
 * Anchors that are found by name, and read only then: of the hundreds that a machine trusts, a path needs one, and to
 * read all of them takes longer than a handshake. One that cannot be read anchors nothing.
 */
export function anchorSet(certificates: readonly Uint8Array[]): Anchors {
  const read = new Map<Uint8Array, Certificate | undefined>();
  const byBytes = groupBy(certificates, (der) => latin1(subjectOf(der)));
  let byName: ReadonlyMap<string, readonly Uint8Array[]> | undefined;

  function certificateOf(der: Uint8Array): readonly Certificate[] {
    if (!read.has(der))
      read.set(
        der,
        orUndefined(() => readCertificate(der, readDer)),
      );
    const certificate = read.get(der);
    return certificate === undefined ? [] : [certificate];
  }

  return {
    named(name) {
      // Issuers copy their name octet by octet; where one did not, every subject is looked at, once (RFC 5280 section 7.1).
      const same = byBytes.get(latin1(name.raw) ?? "");
      if (same !== undefined) return same.flatMap(certificateOf);
      byName ??= groupBy(certificates, (der) => nameOf(der)?.key);
      return (byName.get(name.key) ?? []).flatMap(certificateOf);
    },
  };
}

/** Anchors that have been read already. */
export function readAnchors(certificates: readonly Certificate[]): Anchors {
  const byName = groupBy(certificates, ({ subject }) => subject.key);
  return { named: ({ key }) => byName.get(key) ?? [] };
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string | undefined): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** The subject as it is encoded: the fifth field, not counting the version. RFC 5280 section 4.1. */
function subjectOf(der: Uint8Array): Uint8Array | undefined {
  const [certificate] = parseDer(der) ?? [];
  const [signed] = (certificate && parseDer(certificate.content)) ?? [];
  const fields = (signed && parseDer(signed.content)) ?? [];
  return fields[fields[0]?.tag === 0xa0 ? 5 : 4]?.raw;
}

function nameOf(der: Uint8Array): DistinguishedName | undefined {
  const subject = subjectOf(der);
  return subject && orUndefined(() => readDistinguishedName(readDer(subject)));
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedDer) return undefined;
    throw error;
  }
}

function latin1(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
