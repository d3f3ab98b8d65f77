import { encode, Tagged } from "cborg";
import { type CborValue, isCborArray, isCborBytes, isCborMap, readCbor } from "../../protocol/cbor.ts";
import { malformed, readWrappedDigest, type SuitDigest } from "./suit-digest.ts";

/** A manifest with what proves it and what belongs to it; nothing of it is verified. */
export interface SuitEnvelope {
  /** What the manifest has to hash to, and as bytes: what the signatures are over. */
  readonly digest: SuitDigest;
  readonly signed: Uint8Array;
  /** Each a COSE_Sign1 without its payload. At least one. */
  readonly signatures: readonly Uint8Array[];
  readonly manifest: Uint8Array;
  /** Parts of the manifest that may be cut off, by their key in it. */
  readonly severed: ReadonlyMap<number, Uint8Array>;
  /** Images that come along, by the reference that a manifest names them by: `#name`. */
  readonly payloads: ReadonlyMap<string, Uint8Array>;
}

/** Signatures that are tried at most. */
export const maxSignatures = 8;

/**
 * Reads an envelope.
 *
 * @throws ContentError FIRMWARE_MANIFEST_MALFORMED for whatever else, such as members that are not understood.
 *
 * @see draft-ietf-suit-manifest-34 sections 8.2 and 8.3
 */
export function readEnvelope(bytes: Uint8Array): SuitEnvelope {
  const tagged = readCbor(bytes, { tags: [envelopeTag] });
  const members = tagged instanceof Tagged ? (tagged.value as CborValue) : undefined;
  if (!isCborMap(members)) throw malformed("no envelope");
  const severed = new Map<number, Uint8Array>();
  const payloads = new Map<string, Uint8Array>();
  for (const [key, value] of members) {
    if (!isCborBytes(value)) throw malformed("member of the envelope");
    if (typeof key === "string") payloads.set(key, value);
    else if (typeof key === "number" && severable.has(key)) severed.set(key, value);
    else if (key !== member.authentication && key !== member.manifest) throw malformed("member of the envelope");
  }
  const manifest = members.get(member.manifest);
  if (!isCborBytes(manifest)) throw malformed("no manifest");
  return { ...readAuthentication(members.get(member.authentication)), manifest, severed, payloads };
}

/** What a digest of a part is made of: the part as it stands in a map, with the length before it. Section 10 of the draft. */
export function wrapped(part: Uint8Array): Uint8Array {
  return encode(part);
}

function readAuthentication(value: CborValue | undefined): Pick<SuitEnvelope, "digest" | "signed" | "signatures"> {
  const blocks = isCborBytes(value) ? readCbor(value) : undefined;
  if (!isCborArray(blocks)) throw malformed("no authentication");
  const [signed, ...signatures] = blocks;
  if (!isCborBytes(signed)) throw malformed("digest of the manifest");
  if (signatures.length === 0) throw malformed("nobody has signed it");
  if (signatures.length > maxSignatures) throw malformed(`more than ${maxSignatures} signatures`);
  if (!signatures.every(isCborBytes)) throw malformed("signature");
  return { digest: readWrappedDigest(signed), signed, signatures };
}

const envelopeTag = 107;
const member = { authentication: 2, manifest: 3 } as const;
/** Payload fetch, install and text. */
const severable: ReadonlySet<number> = new Set([16, 20, 23]);
