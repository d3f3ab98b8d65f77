import { isCodedError, PolicyError } from "@fairlead/core";
import type { Store } from "@fairlead/store";
import type { BlocksOptions } from "../coap/blocks/blocks-options.ts";
import { downloadBody } from "../coap/blocks/download-body.ts";
import type { CoapRequest, CoapRequester } from "../coap/exchange.ts";
import { type CoapUri, formatCoapUri, parseCoapUri, resolveCoapUri, uriOptions } from "../coap/protocol/index.ts";
import { checkPiece, fetchImage, type ImageSource, verifyImage } from "./fetch-image.ts";
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
  /** Finds who to ask for a URI: a requester without `withBlocks`, as blocks are asked for one by one. */
  readonly requester: (uri: CoapUri) => CoapRequester | Promise<CoapRequester>;
  /** How blocks are asked for. */
  readonly blocks?: BlocksOptions | undefined;
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
  /** Gives the update up; it can be taken up again. Deadlines are those of the requests. */
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
 * @throws StoreError STORE_CORRUPT, STORE_WRITE_FAILED, STORE_CLOSED; whatever requester, slot and `activate` throw; or the
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
  { requester, blocks = {}, openSlot, onProgress, signal }: UpdateFirmwareOptions,
): Promise<void> {
  const onBytes = (transferredBytes: number): void => {
    onProgress?.({ image, transferredBytes });
  };
  const integrated = manifest.integratedImages.get(image.uri);
  const uri = integrated === undefined ? imageUri(image, base) : undefined;
  const source = uri === undefined ? undefined : { requester: await requester(uri), ...sourceOf(uri), blocks };
  const slot = await openSlot(image);
  try {
    if (source !== undefined) {
      await fetchImage(image, source, slot, { memory, key, onBytes, signal });
    } else if (integrated !== undefined) {
      await slot.write(integrated, 0);
      await slot.sync();
      await verifyImage(image, slot, image.uri, signal);
      onBytes(image.sizeBytes);
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
  const { manifest, maxEnvelopeBytes = 64 * 1024, blocks = {}, signal } = options;
  if (manifest instanceof Uint8Array) return { envelope: manifest, base: undefined };
  const base = parseCoapUri(String(manifest));
  const requester = await options.requester(base);
  const { request, uri: peer } = sourceOf(base);
  const pieces: Uint8Array[] = [];
  for await (const piece of downloadBody(requester, request, blocks, { signal })) {
    checkPiece(piece, peer);
    pieces.push(piece.response.payload);
    if (piece.offset + piece.response.payload.length > maxEnvelopeBytes) {
      throw tooLarge(`an envelope, with maxEnvelopeBytes ${maxEnvelopeBytes}`);
    }
  }
  return { envelope: Buffer.concat(pieces), base };
}

function sourceOf(uri: CoapUri): Pick<ImageSource, "request" | "uri"> {
  const request: CoapRequest = { code: "0.01", options: uriOptions(uri), payload: new Uint8Array(0) };
  return { request, uri: formatCoapUri(uri) };
}

/** A URI that cannot be asked is the manifest's fault, not the caller's. */
function imageUri({ uri }: FirmwareImage, base: CoapUri | undefined): CoapUri {
  try {
    return base === undefined ? parseCoapUri(uri) : resolveCoapUri(base, uri);
  } catch (cause) {
    if (!isCodedError(cause)) throw cause;
    const detail = `the URI of an image: ${cause.code}`;
    throw new PolicyError("FIRMWARE_MANIFEST_UNSUPPORTED", { operation: "update the firmware", detail, cause });
  }
}

function tooLarge(detail: string): PolicyError {
  return new PolicyError("FIRMWARE_TOO_LARGE", { operation: "update the firmware", detail });
}
