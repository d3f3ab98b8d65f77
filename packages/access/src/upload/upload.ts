import { UsageError } from "@fairlead/core";
import { digestAlgorithms, formatDigests } from "@fairlead/http/digest-fields";
import type { ExchangeDefaults } from "../open-exchange.ts";
import type { Reply } from "../reply.ts";
import { flattenFields, hasField, pairFields } from "../request-fields.ts";
import { startRequest, type RequestOptions } from "../request.ts";
import { recordFailure, transactionOf } from "../transaction.ts";
import { openFileBody, type FileBody } from "./file-body.ts";
import type { UploadOptions, UploadProgress } from "./options.ts";

/** What `manager.upload` does. */
export async function upload(
  url: string | URL,
  path: string,
  options: UploadOptions,
  defaults: ExchangeDefaults,
): Promise<Reply> {
  const { digest, onProgress } = options;
  if (digest !== undefined && !digestAlgorithms.includes(digest)) {
    const remedy = `name one of ${digestAlgorithms.join(", ")}`;
    throw new UsageError("OPTION_INVALID", { operation: "upload", detail: "digest", remedy });
  }
  const body = await openFileBody(path);
  const request: RequestOptions = {
    ...options,
    method: options.method ?? "PUT",
    headers: pairFields(await fieldsOf(body, options)),
    body: onProgress === undefined ? (): AsyncIterable<Uint8Array> => body.read() : counted(body, onProgress),
  };
  try {
    return await startRequest(url, request, defaults);
  } catch (error) {
    // What failed is the file, or whoever was told: neither is a body of the application's.
    if (!(error instanceof UsageError && error.code === "REQUEST_BODY_FAILED" && "cause" in error)) throw error;
    const transaction = transactionOf(error);
    if (transaction !== undefined) recordFailure(error.cause, transaction);
    throw error.cause;
  }
}

async function fieldsOf(body: FileBody, { headers, contentType, digest }: UploadOptions): Promise<readonly string[]> {
  const fields = flattenFields(headers);
  if (!hasField(fields, "content-type")) fields.push("Content-Type", contentType ?? "application/octet-stream");
  if (hasField(fields, "content-length") || hasField(fields, "transfer-encoding")) {
    const remedy = "leave Content-Length and Transfer-Encoding out: the file's own length is sent";
    throw new UsageError("OPTION_INVALID", { operation: "upload", detail: "headers", remedy });
  }
  fields.push("Content-Length", String(body.sizeBytes));
  if (digest !== undefined) {
    // What is sent is the whole of the representation, in no coding: both digests are of the same bytes. RFC 9530 section 2.
    const value = formatDigests(new Map([[digest, await body.digest(digest)]]));
    fields.push("Repr-Digest", value, "Content-Digest", value);
  }
  return fields;
}

/** Opens the body for each attempt, and tells what was taken of all of them. */
function counted(body: FileBody, onProgress: (progress: UploadProgress) => void): () => AsyncIterable<Uint8Array> {
  let sentBytes = 0;
  return () => {
    const repeatedBytes = sentBytes;
    const totalBytes = repeatedBytes + body.sizeBytes;
    return (async function* (): AsyncGenerator<Uint8Array, void> {
      for await (const piece of body.read()) {
        yield piece;
        sentBytes += piece.length;
        onProgress({ sentBytes, totalBytes, repeatedBytes });
      }
    })();
  };
}
