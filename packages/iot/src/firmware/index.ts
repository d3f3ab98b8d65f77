/** Firmware updates: manifests of SUIT that are verified, and images that are fetched by CoAP, across restarts. */
export type { CoseAlgorithm, CoseKeyKind } from "../cose/protocol/cose-algorithms.ts";
export {
  type CoseVerificationKey,
  type CoseVerificationKeyOptions,
  coseVerificationKey,
} from "../cose/verification-key.ts";
export { type VerifiedSign1, type VerifySign1Options, verifySign1 } from "../cose/verify-sign1.ts";
export type { DeviceIdentity } from "./protocol/device-identity.ts";
export type { FirmwareImage } from "./protocol/plan-images.ts";
export type { DigestAlgorithm, SuitDigest } from "./protocol/suit-digest.ts";
export type { ComponentIdentifier } from "./protocol/suit-manifest.ts";
export { type FirmwareManifest, type VerifyManifestOptions, verifyManifest } from "./verify-manifest.ts";
export type { FirmwareClient } from "./fetch-image.ts";
export { type FirmwareSlot, openFirmwareFile } from "./firmware-slot.ts";
export {
  type FirmwareProgress,
  type FirmwareUpdate,
  updateFirmware,
  type UpdateFirmwareOptions,
} from "./update-firmware.ts";
