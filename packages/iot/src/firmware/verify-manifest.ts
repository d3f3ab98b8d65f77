import { createHash } from "node:crypto";
import { ContentError, PolicyError, isCodedError } from "@fairlead/core";
import { readCoseSign1 } from "../cose/protocol/cose-sign1.ts";
import type { CoseVerificationKey } from "../cose/verification-key.ts";
import { verifySign1 } from "../cose/verify-sign1.ts";
import type { DeviceIdentity } from "./protocol/device-identity.ts";
import { type FirmwareImage, planImages } from "./protocol/plan-images.ts";
import { type DigestAlgorithm, type Hash, matchesDigest } from "./protocol/suit-digest.ts";
import { readEnvelope, type SuitEnvelope, wrapped } from "./protocol/suit-envelope.ts";
import { readManifest } from "./protocol/suit-manifest.ts";

/** What a manifest is verified by. */
export interface VerifyManifestOptions {
  /** The keys of whoever may sign firmware for the device: see `coseVerificationKey`. */
  readonly keys: readonly CoseVerificationKey[];
  readonly device: DeviceIdentity;
  /** 64 KiB by default, images in the envelope included. */
  readonly maxEnvelopeBytes?: number | undefined;
}

/** A manifest that was signed for this device. Whether it is newer than what runs is for `updateFirmware` to say. */
export interface FirmwareManifest {
  readonly sequenceNumber: number;
  /** SHA-256 of the manifest, hexadecimal. */
  readonly digest: string;
  /** The key that has signed it. */
  readonly signedBy: CoseVerificationKey;
  /** Where the whole manifest is to be had. */
  readonly referenceUri: string | undefined;
  /** What is to be fetched, in that order. */
  readonly images: readonly FirmwareImage[];
  /** The images that came along, by the URI that `images` names them by. They are the ones that were signed. */
  readonly integratedImages: ReadonlyMap<string, Uint8Array>;
}

/**
 * Verifies the manifest in a SUIT envelope: that it is the one that was signed by a trusted key, that it is for this
 * device, and that each of its commands is understood. Nothing of it is looked at before its signature is verified.
 *
 * @throws PolicyError COSE_KEY_UNKNOWN, FIRMWARE_TOO_LARGE, FIRMWARE_NOT_FOR_DEVICE, FIRMWARE_MANIFEST_UNSUPPORTED.
 * @throws ContentError FIRMWARE_MANIFEST_MALFORMED, COSE_SIGNATURE_INVALID, COSE_MALFORMED, COSE_UNSUPPORTED,
 * FIRMWARE_IMAGE_MISMATCH for an image in the envelope.
 * @throws UsageError OPTION_INVALID for an identity that is none.
 *
 * @see RFC 9124; draft-ietf-suit-manifest-34 sections 6.2 and 8
 *
 * @example
 * const manifest = verifyManifest(envelope, {
 *   keys: [coseVerificationKey(vendorPem)],
 *   device: { vendorIds: ["fa6b4a53-d5ad-5fdf-be9d-e663e4d41ffe"], classIds: ["1492af14-2569-5e48-bf42-9b2d51f2ab45"] },
 * });
 */
export function verifyManifest(envelope: Uint8Array, options: VerifyManifestOptions): FirmwareManifest {
  const { keys, device, maxEnvelopeBytes = 64 * 1024 } = options;
  if (envelope.length > maxEnvelopeBytes) {
    const detail = `an envelope of ${envelope.length} bytes, with maxEnvelopeBytes ${maxEnvelopeBytes}`;
    throw new PolicyError("FIRMWARE_TOO_LARGE", { operation: "read a manifest", detail });
  }
  // A copy, as nobody may change it between being verified and being used.
  const read = readEnvelope(Uint8Array.from(envelope));
  const signedBy = verifySignatures(read, keys);
  if (!matchesDigest(read.digest, wrapped(read.manifest), hash)) {
    const detail = "the signed digest is another manifest's";
    throw new ContentError("COSE_SIGNATURE_INVALID", { operation: "verify a manifest", detail });
  }
  const { sequenceNumber, referenceUri, ...manifest } = readManifest(read, hash);
  const images = planImages({ ...manifest, sequenceNumber, referenceUri }, device);
  checkIntegratedImages(read, images);
  const digest = Buffer.from(hash("sha256", read.manifest)).toString("hex");
  return { ...{ sequenceNumber, digest, signedBy, referenceUri, images }, integratedImages: read.payloads };
}

/**
 * One of a trusted key is enough, whoever else has signed: also by an algorithm that is still to come. One that names a
 * trusted key and does not fit is too much.
 */
function verifySignatures(
  { signatures, signed }: SuitEnvelope,
  keys: readonly CoseVerificationKey[],
): CoseVerificationKey {
  let failure: unknown = new PolicyError("COSE_KEY_UNKNOWN", { operation: "verify a manifest" });
  const signers = signatures.flatMap((signature) => {
    try {
      return [verifySign1(signature, { keys, detachedPayload: signed }).key];
    } catch (error) {
      if (!isSomebodyElses(error, signature)) throw error;
      failure = error;
      return [];
    }
  });
  const [signedBy] = signers;
  if (signedBy === undefined) throw failure;
  return signedBy;
}

function isSomebodyElses(error: unknown, signature: Uint8Array): boolean {
  if (!isCodedError(error)) return false;
  if (error.code === "COSE_KEY_UNKNOWN" || error.code === "COSE_UNSUPPORTED") return true;
  return error.code === "COSE_SIGNATURE_INVALID" && readCoseSign1(signature).keyId === undefined;
}

/** What is in the envelope was not signed with it: each image there must be one of the manifest's, as it names it. */
function checkIntegratedImages({ payloads }: SuitEnvelope, images: readonly FirmwareImage[]): void {
  for (const [uri, bytes] of payloads) {
    const named = images.filter((image) => image.uri === uri);
    const fits = named.every(
      ({ digest, sizeBytes }) => bytes.length === sizeBytes && matchesDigest(digest, bytes, hash),
    );
    if (named.length === 0 || !fits) {
      throw new ContentError("FIRMWARE_IMAGE_MISMATCH", { operation: "verify a manifest", detail: "in the envelope" });
    }
  }
}

const hash: Hash = (algorithm: DigestAlgorithm, bytes: Uint8Array) =>
  new Uint8Array(createHash(algorithm).update(bytes).digest());
