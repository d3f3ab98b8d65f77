import {
  type CborMap,
  type CborValue,
  isCborArray,
  isCborBytes,
  isCborMap,
  isCborUint,
  readCbor,
} from "../../protocol/cbor.ts";
import { type Hash, malformed, matchesDigest, readDigest } from "./suit-digest.ts";
import { type SuitEnvelope, wrapped } from "./suit-envelope.ts";
import { unsupported } from "./suit-unsupported.ts";

/** A component's name: like the segments of a path. */
export type ComponentIdentifier = readonly Uint8Array[];

/** A manifest as it is written: what it asks for is still to be carried out. */
export interface SuitManifest {
  /** A later manifest has a higher one. */
  readonly sequenceNumber: number;
  /** Where the whole manifest is to be had. */
  readonly referenceUri: string | undefined;
  readonly components: readonly ComponentIdentifier[];
  /** Runs before each of the others. */
  readonly shared: readonly CborValue[];
  /** In the order of an update. */
  readonly sequences: readonly SuitSequence[];
}

/** Commands for one purpose, each followed by its argument. */
export interface SuitSequence {
  readonly purpose: SuitPurpose;
  readonly commands: readonly CborValue[];
}

/** What commands are for. Those of `invoke` are for who starts the image. */
export type SuitPurpose = "payload-fetch" | "install" | "validate" | "invoke";

/** Components that a manifest may have. */
export const maxComponents = 64;

/**
 * Reads the manifest of an envelope whose signature has been verified. Parts that were cut off have to be in the envelope,
 * and what is in the envelope has to be of the manifest: but for text, which is for people, and images.
 *
 * @throws ContentError FIRMWARE_MANIFEST_MALFORMED.
 * @throws PolicyError FIRMWARE_MANIFEST_UNSUPPORTED.
 *
 * @see draft-ietf-suit-manifest-34 section 8.4
 */
export function readManifest({ manifest: bytes, severed }: SuitEnvelope, hash: Hash): SuitManifest {
  const manifest = readCbor(bytes);
  if (!isCborMap(manifest)) throw malformed("no manifest");
  for (const key of manifest.keys()) {
    if (!known.has(key)) throw unsupported(`member ${describe(key)} of the manifest`);
  }
  const version = manifest.get(member.version);
  if (version !== 1) throw unsupported(`version ${describe(version)}`);
  const sequenceNumber = manifest.get(member.sequenceNumber);
  if (!isCborUint(sequenceNumber)) throw malformed("sequence number");
  const referenceUri = manifest.get(member.referenceUri);
  if (referenceUri !== undefined && typeof referenceUri !== "string") throw malformed("reference URI");
  const parts = joinSevered(manifest, severed, hash);
  const sequences = purposes.flatMap(([purpose, key]) => {
    const part = parts.get(key);
    return part === undefined ? [] : [{ purpose, commands: readCommands(part) }];
  });
  return { ...{ sequenceNumber, referenceUri, sequences }, ...readCommon(manifest.get(member.common)) };
}

/** The parts that may be cut off, in the manifest or in the envelope. */
function joinSevered(manifest: CborMap, severed: SuitEnvelope["severed"], hash: Hash): ReadonlyMap<number, CborValue> {
  const parts = new Map<number, CborValue>();
  for (const [, key] of purposes) {
    const part = manifest.get(key);
    if (part !== undefined && !isCborArray(part)) parts.set(key, part);
    else if (part !== undefined && !severed.has(key)) throw malformed("a part that was cut off is missing");
  }
  for (const [key, part] of severed) {
    const digest = manifest.get(key);
    if (!isCborArray(digest)) throw malformed("a part in the envelope that the manifest does not name");
    if (!matchesDigest(readDigest(digest), wrapped(part), hash)) throw malformed("digest of a part");
    parts.set(key, part);
  }
  return parts;
}

function readCommon(value: CborValue | undefined): Pick<SuitManifest, "components" | "shared"> {
  const common = isCborBytes(value) ? readCbor(value) : undefined;
  if (!isCborMap(common)) throw malformed("common part");
  for (const key of common.keys()) {
    if (key !== commonMember.components && key !== commonMember.shared) {
      throw unsupported(`member ${describe(key)} of the common part`);
    }
  }
  const components = common.get(commonMember.components);
  if (!isCborArray(components) || components.length === 0 || !components.every(isIdentifier)) {
    throw malformed("components");
  }
  if (components.length > maxComponents) throw unsupported(`more than ${maxComponents} components`);
  const shared = common.get(commonMember.shared);
  return { components, shared: shared === undefined ? [] : readCommands(shared) };
}

function readCommands(value: CborValue): readonly CborValue[] {
  const commands = isCborBytes(value) ? readCbor(value) : undefined;
  if (!isCborArray(commands) || commands.length === 0 || commands.length % 2 !== 0) throw malformed("commands");
  return commands;
}

function isIdentifier(value: CborValue): value is ComponentIdentifier {
  return isCborArray(value) && value.every(isCborBytes);
}

function describe(value: CborValue | undefined): string {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "string" ? String(value) : "?";
}

const member = { version: 1, sequenceNumber: 2, common: 3, referenceUri: 4, text: 23 } as const;
const commonMember = { components: 2, shared: 4 } as const;
const purposes: readonly (readonly [SuitPurpose, number])[] = [
  ["payload-fetch", 16],
  ["install", 20],
  ["validate", 7],
  ["invoke", 9],
];
const known: ReadonlySet<CborValue> = new Set([...Object.values(member), ...purposes.map(([, key]) => key)]);
