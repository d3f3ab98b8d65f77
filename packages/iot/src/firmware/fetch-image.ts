import { createHash } from "node:crypto";
import { ContentError, isCodedError, ServiceError } from "@fairlead/core";
import type { CoapClient } from "../coap/client/coap-client.ts";
import type { CoapDownload } from "../coap/client/coap-download.ts";
import type { FirmwareMemory, KeptTransfer } from "./firmware-memory.ts";
import type { FirmwareSlot } from "./firmware-slot.ts";
import type { FirmwareImage } from "./protocol/plan-images.ts";
import { sameBytes } from "./protocol/suit-digest.ts";

/** Asks for manifests and images: a `CoapClient`. */
export type FirmwareClient = Pick<CoapClient, "download">;

/** Where an image is to be had. */
export interface ImageSource {
  readonly client: FirmwareClient;
  readonly uri: string;
}

/** How an image is brought into its slot. */
export interface FetchImageOptions {
  readonly memory: FirmwareMemory;
  /** Of what is remembered of this image: another manifest's has another. */
  readonly key: string;
  readonly onBytes: (transferredBytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Fetches an image from where it was left, and verifies the whole of it as it is in the slot: not what came, but what was
 * written. What was begun by another version of the image, or does not verify when it was resumed, is fetched anew.
 *
 * @throws ContentError FIRMWARE_IMAGE_MISMATCH; ServiceError FIRMWARE_UNAVAILABLE; whatever client, slot and store throw;
 * or the signal's reason. What has come is kept, but when it does not verify.
 */
export async function fetchImage(
  image: FirmwareImage,
  source: ImageSource,
  slot: FirmwareSlot,
  options: FetchImageOptions,
): Promise<void> {
  const { memory, key, signal } = options;
  for (let restartsLeft = maxRestarts; ; restartsLeft -= 1) {
    const kept = await memory.transfer(key);
    const resumed = kept !== undefined && isPlaceOf(image, kept) ? kept : undefined;
    try {
      if (resumed?.offset !== image.sizeBytes) await receive(image, source, slot, resumed, options);
      await verifyImage(image, slot, source.uri, signal);
      return;
    } catch (error) {
      const isChanged = isCodedError(error) && error.code === "COAP_REPRESENTATION_CHANGED";
      const isMismatch = isCodedError(error) && error.code === "FIRMWARE_IMAGE_MISMATCH";
      if (isChanged || isMismatch) memory.forgetTransfer(key);
      if (restartsLeft === 0 || !(isChanged || (isMismatch && resumed !== undefined))) throw error;
    }
  }
}

/**
 * Verifies the image in a slot.
 *
 * @param peer where it came from, for the error
 *
 * @throws ContentError FIRMWARE_IMAGE_MISMATCH; what the slot throws; or the signal's reason.
 */
export async function verifyImage(
  { digest, sizeBytes }: FirmwareImage,
  slot: FirmwareSlot,
  peer: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const hash = createHash(digest.algorithm);
  for (let at = 0; at < sizeBytes; ) {
    signal?.throwIfAborted();
    const bytes = await slot.read(at, Math.min(readBytes, sizeBytes - at));
    if (bytes.length === 0) throw mismatch(peer, "the slot ends before the image");
    hash.update(bytes);
    at += bytes.length;
  }
  if (!sameBytes(hash.digest(), digest.bytes)) throw mismatch(peer, "digest");
}

/** Whatever a store says: a place that no transfer was left at could not be asked for, now or ever. */
function isPlaceOf({ sizeBytes }: FirmwareImage, { offset }: KeptTransfer): boolean {
  return offset === sizeBytes || (offset < sizeBytes && offset % largestBlockBytes === 0);
}

async function receive(
  { sizeBytes }: FirmwareImage,
  { client, uri }: ImageSource,
  slot: FirmwareSlot,
  resumed: KeptTransfer | undefined,
  { memory, key, onBytes, signal }: FetchImageOptions,
): Promise<void> {
  const resume = resumed === undefined ? undefined : { offset: resumed.offset, eTag: Buffer.from(resumed.eTag, "hex") };
  const { reply, offset, body } = await beginFetch({ client, uri }, { resume, signal });
  const eTag = reply.eTag === undefined ? undefined : Buffer.from(reply.eTag).toString("hex");
  let received = offset;
  let kept = offset;
  for await (const piece of body) {
    signal?.throwIfAborted();
    if (received + piece.length > sizeBytes) throw mismatch(uri, `more than ${sizeBytes} bytes`);
    await slot.write(piece, received);
    received += piece.length;
    onBytes(received);
    // The next process may ask for blocks of any size.
    const isPlace = received % largestBlockBytes === 0 && received - kept >= placeBytes;
    if (!isPlace && received !== sizeBytes) continue;
    await slot.sync();
    // Without an ETag nobody could say whether what follows belongs to what came.
    if (eTag !== undefined) await memory.keepTransfer(key, { offset: received, eTag });
    kept = received;
  }
  if (received !== sizeBytes) throw mismatch(uri, `${received} bytes instead of ${sizeBytes}`);
}

/**
 * Begins to fetch something, and takes nothing but its content.
 *
 * @throws ServiceError FIRMWARE_UNAVAILABLE; what the client throws.
 */
export async function beginFetch(
  { client, uri }: ImageSource,
  options: Parameters<FirmwareClient["download"]>[1],
): Promise<CoapDownload> {
  const download = await client.download(uri, options);
  const { code } = download.reply;
  if (code === "2.05") return download;
  throw new ServiceError("FIRMWARE_UNAVAILABLE", { peer: uri, operation: "fetch", detail: code });
}

function mismatch(peer: string, detail: string): ContentError {
  return new ContentError("FIRMWARE_IMAGE_MISMATCH", { peer, operation: "verify an image", detail });
}

const maxRestarts = 3;
const readBytes = 64 * 1024;
const largestBlockBytes = 1_024;
/** Between two places that a transfer can be resumed from: each costs a write to slot and store that waits for the disk. */
const placeBytes = 16 * 1024;
