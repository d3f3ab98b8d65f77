import { createHash } from "node:crypto";
import { parseCertificate } from "../../src/certificates/index.ts";
import { der, integer, type Keys, mint, name, oid, signed, spki, time } from "./mint.ts";

/** What a response says. */
export type ResponseStatus = "good" | "revoked" | "unknown";

/** What a response says besides, and who signed it; by default it is about number 7 of its signer. */
export interface MintedResponse {
  readonly by?: Keys;
  readonly status?: ResponseStatus;
  readonly serial?: number;
  readonly issuer?: { readonly subject: string; readonly keys: Keys };
  readonly thisUpdate?: string;
  readonly nextUpdate?: string;
  /** Number of the reason for which it is revoked; none by default. RFC 5280 section 5.3.1. */
  readonly reason?: number;
  /** All that a revoked status holds, in the place of time and reason. */
  readonly revocation?: Buffer;
  readonly certificates?: readonly Buffer[];
}

/** Makes an OCSP response in the name of `root`. RFC 6960 section 4.2.1. */
export function mintResponse(root: { readonly subject: string; readonly keys: Keys }, facts: MintedResponse): Buffer {
  const { by = root.keys, status = "good", serial = 7, issuer = root, certificates = [] } = facts;
  const sha1 = (bytes: Uint8Array): Buffer => createHash("sha1").update(bytes).digest();
  const keyBits = parseCertificate(mint({ subject: "x", keys: issuer.keys }))?.keyBits ?? spki(issuer.keys);
  const id = der(
    0x30,
    der(0x30, oid("1.3.14.3.2.26"), der(0x05)),
    der(0x04, sha1(name(issuer.subject))),
    der(0x04, sha1(keyBits)),
    integer(serial),
  );
  const { reason } = facts;
  const given = reason === undefined ? [] : [der(0xa0, der(0x0a, integer(reason).subarray(2)))];
  const revocation = facts.revocation ?? Buffer.concat([time("2029-11-01"), ...given]);
  const statuses = { good: der(0x80), revoked: der(0xa1, revocation), unknown: der(0x82) };
  const next = facts.nextUpdate === "" ? [] : [der(0xa0, time(facts.nextUpdate ?? "2030-01-05"))];
  const single = der(0x30, id, statuses[status], time(facts.thisUpdate ?? "2029-12-30"), ...next);
  const data = der(0x30, der(0xa1, name(root.subject)), time("2029-12-30"), der(0x30, single));
  const more = certificates.length === 0 ? [] : [der(0xa0, der(0x30, ...certificates))];
  const basic = signed(data, by, "sha256", more);
  return der(0x30, der(0x0a, Buffer.of(0)), der(0xa0, der(0x30, oid("1.3.6.1.5.5.7.48.1.1"), der(0x04, basic))));
}
