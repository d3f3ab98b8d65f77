import { isCodedError, PolicyError } from "@fairlead/core";
import type { Store } from "@fairlead/store";
import { joinBytes } from "../coap/blocks/bodies.ts";
import { type CoapUri, formatCoapUri, parseCoapUri, resolveCoapUri } from "../coap/protocol/index.ts";
import { beginFetch, fetchImage, type FirmwareClient, verifyImage } from "./fetch-image.ts";
import { firmwareMemory, type FirmwareMemory } from "./firmware-memory.ts";
import type { FirmwareSlot } from "./firmware-slot.ts";
import type { FirmwareImage } from "./protocol/plan-images.ts";
import { type FirmwareManifest, verifyManifest, type VerifyManifestOptions } from "./verify-manifest.ts";

/** How far an update has come. */
export interface FirmwareProgress {
  readonly image: FirmwareImage;
  /** Of the image, those that an earlier process brought included. */
  readonly transferredBytes: number;
}

/** How firmware is updated. */
export interface UpdateFirmwareOptions extends VerifyManifestOptions {
  /** URI of the SUIT envelope, or the envelope itself: its images then have absolute URIs, or are in it. */
  readonly manifest: string | URL | Uint8Array;
  /** Asks for manifest and images: a `CoapClient`, whose deadlines hold for each message. */
  readonly client: FirmwareClient;
  /** Keeps what was installed, and how far transfers have come. It must survive the process. */
  readonly store: Store;
  /** Tells devices apart that share a store: `device` by default. Each has its own sequence numbers. */
  readonly name?: string | undefined;
  /** Opens the place for an image, which is not the one that runs. The update closes it. */
  readonly openSlot: (image: FirmwareImage) => FirmwareSlot | Promise<FirmwareSlot>;
  /**
   * Makes what was verified run at the next start. The sequence number is kept when it resolves: if it fails, or the process
   * is killed before, the same update is taken up again, and what has come of it is not fetched again.
   */
  readonly activate: (manifest: FirmwareManifest) => void | Promise<void>;
  /** Of each image; 16 MiB by default. */
  readonly maxImageBytes?: number | undefined;
  readonly onProgress?: ((progress: FirmwareProgress) => void) | undefined;
  /** Gives the update up; it can be taken up again. */
  readonly signal?: AbortSignal | undefined;
}

/** What has become of an update. */
export interface FirmwareUpdate {
  /** `current`: this very manifest was installed before, and nothing was done. */
  readonly type: "updated" | "current";
  readonly manifest: FirmwareManifest;
}

/**
 * Updates firmware: fetches a manifest, verifies who signed it, for which device, and that it is not older than what was
 * installed; then fetches its images, from where an earlier process was stopped, and verifies each as a whole before any is
 * activated. Nothing of an image is asked for before the manifest is verified. One update of a name runs at a time.
 *
 * @throws PolicyError FIRMWARE_ROLLBACK, FIRMWARE_TOO_LARGE, and those of `verifyManifest`.
 * @throws ContentError FIRMWARE_IMAGE_MISMATCH, and those of `verifyManifest`.
 * @throws ServiceError FIRMWARE_UNAVAILABLE for an answer that is not 2.05.
 * @throws UsageError URL_INVALID, URL_SCHEME_UNKNOWN for a URI of `manifest` that is none; those of `verifyManifest`.
 * @throws StoreError STORE_CORRUPT, STORE_WRITE_FAILED, STORE_CLOSED; whatever client, slot and `activate` throw; or the
 * signal's reason.
 *
 * @see RFC 9019, RFC 9124, RFC 7959 section 2.4
 */
export async function updateFirmware(options: UpdateFirmwareOptions): Promise<FirmwareUpdate> {
  const { store, name = "device", maxImageBytes = 16 * 1024 * 1024, signal } = options;
  signal?.throwIfAborted();
  const memory = firmwareMemory(store, name);
  const { envelope, base } = await openEnvelope(options);
  const manifest = verifyManifest(envelope, options);
  if ((await decideSequence(memory, manifest)) === "current") return { type: "current", manifest };
  for (const { sizeBytes } of manifest.images) {
    if (sizeBytes > maxImageBytes) {
      throw tooLarge(`an image of ${sizeBytes} bytes, with maxImageBytes ${maxImageBytes}`);
    }
  }
  const keyOf = (index: number): string => `${manifest.digest} ${index}`;
  for (const [index, image] of manifest.images.entries()) {
    await installImage(image, manifest, base, memory, keyOf(index), options);
  }
  signal?.throwIfAborted();
  await options.activate(manifest);
  await memory.keepInstalled({ sequenceNumber: manifest.sequenceNumber, digest: manifest.digest });
  for (const index of manifest.images.keys()) memory.forgetTransfer(keyOf(index));
  return { type: "updated", manifest };
}

async function installImage(
  image: FirmwareImage,
  manifest: FirmwareManifest,
  base: CoapUri | undefined,
  memory: FirmwareMemory,
  key: string,
  { client, openSlot, onProgress, signal }: UpdateFirmwareOptions,
): Promise<void> {
  const onBytes = (transferredBytes: number): void => {
    onProgress?.({ image, transferredBytes });
  };
  const source = manifest.integratedImages.get(image.uri) ?? { client, uri: imageUri(image, base) };
  const slot = await openSlot(image);
  try {
    if (source instanceof Uint8Array) {
      await slot.write(source, 0);
      await slot.sync();
      await verifyImage(image, slot, image.uri, signal);
      onBytes(image.sizeBytes);
    } else {
      await fetchImage(image, source, slot, { memory, key, onBytes, signal });
    }
  } finally {
    await slot.close();
  }
}

/** Older manifests are refused, and another one of the same number: one of the two is not what was meant. */
async function decideSequence(
  memory: FirmwareMemory,
  { sequenceNumber, digest }: FirmwareManifest,
): Promise<"newer" | "current"> {
  const installed = await memory.installed();
  if (installed === undefined || sequenceNumber > installed.sequenceNumber) return "newer";
  if (sequenceNumber === installed.sequenceNumber && digest === installed.digest) return "current";
  throw new PolicyError("FIRMWARE_ROLLBACK", {
    operation: "update the firmware",
    detail: `sequence number ${sequenceNumber}, after ${installed.sequenceNumber}`,
  });
}

/** The envelope, and the URI that its references are relative to. */
async function openEnvelope(
  options: UpdateFirmwareOptions,
): Promise<{ readonly envelope: Uint8Array; readonly base: CoapUri | undefined }> {
  const { client, manifest, maxEnvelopeBytes = 64 * 1024, signal } = options;
  if (manifest instanceof Uint8Array) return { envelope: manifest, base: undefined };
  const base = parseCoapUri(String(manifest));
  const { body } = await beginFetch({ client, uri: formatCoapUri(base) }, { signal });
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > maxEnvelopeBytes) throw tooLarge(`an envelope, with maxEnvelopeBytes ${maxEnvelopeBytes}`);
    pieces.push(piece);
  }
  return { envelope: joinBytes(pieces), base };
}

/** A URI that cannot be asked is the manifest's fault, not the caller's. */
function imageUri({ uri }: FirmwareImage, base: CoapUri | undefined): string {
  try {
    return formatCoapUri(base === undefined ? parseCoapUri(uri) : resolveCoapUri(base, uri));
  } catch (cause) {
    if (!isCodedError(cause)) throw cause;
    const detail = `the URI of an image: ${cause.code}`;
    throw new PolicyError("FIRMWARE_MANIFEST_UNSUPPORTED", { operation: "update the firmware", detail, cause });
  }
}

function tooLarge(detail: string): PolicyError {
  return new PolicyError("FIRMWARE_TOO_LARGE", { operation: "update the firmware", detail });
}
