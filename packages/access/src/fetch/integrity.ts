import { PolicyError } from "@fairlead/core";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { recordTransaction, transactionOf } from "../transaction.ts";
import { FetchError } from "./fetch-error.ts";
import { FetchedResponse, type ResponseContent } from "./fetched-response.ts";
import { matchesDigest, parseIntegrity } from "./protocol/integrity-metadata.ts";

/**
 * Reads a response whole, and lets it pass when it is what the metadata say.
 *
 * @throws FetchError INTEGRITY_MISMATCH, BODY_LIMIT, or what the body failed with.
 * @see Fetch Standard section 4.1, step 20; Subresource Integrity section 3.3.4
 */
export async function checkIntegrity(
  response: FetchedResponse,
  metadata: string,
  peer: string,
): Promise<FetchedResponse> {
  const isCheckable = response.body !== null && response.type !== "opaque";
  const bytes = isCheckable ? await response.bytes() : undefined;
  const expected = parseIntegrity(metadata);
  if (
    bytes === undefined ||
    (expected !== undefined && !matchesDigest(expected, createHash(expected.algorithm).update(bytes).digest("base64")))
  ) {
    throw new FetchError(new PolicyError("INTEGRITY_MISMATCH", { operation: "fetch", peer }));
  }
  const checked = FetchedResponse.withContent(response, new HeldContent(bytes));
  const transaction = transactionOf(response);
  if (transaction !== undefined) recordTransaction(checked, transaction);
  return checked;
}

/** A body that is in memory. */
class HeldContent implements ResponseContent {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  gather(): Promise<readonly Uint8Array[]> {
    return Promise.resolve([this.#bytes]);
  }

  async gatherFrom(stream: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return chunks;
  }

  open(): Readable {
    return Readable.from([this.#bytes], { objectMode: false });
  }

  discard(): void {
    // It holds nothing that others wait for.
  }

  readonly explain = (error: unknown): unknown => error;
}
