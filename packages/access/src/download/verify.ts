import { ProtocolError } from "@fairlead/core";
import type { DigestAlgorithm, Digests } from "@fairlead/http/digest-fields";
import { createHash } from "node:crypto";
import { namingFile } from "../file-error.ts";
import type { Draft } from "./draft.ts";

const PIECE_BYTES = 1024 * 1024;

/**
 * Reads a draft and compares it with what it has to be: what is on the disk, whoever wrote it.
 *
 * @param expected each of them has to hold.
 * @returns what was verified, in hexadecimal.
 * @throws ProtocolError DIGEST_MISMATCH; FileError; the signal's reason.
 */
export async function verifyDraft(
  draft: Draft,
  expected: readonly Digests[],
  peer: string,
  signal: AbortSignal,
): Promise<Readonly<Partial<Record<DigestAlgorithm, string>>>> {
  const algorithms = new Set(expected.flatMap((digests) => [...digests.keys()]));
  // What is written directly, such as a pipe, cannot be read again.
  if (algorithms.size === 0 || !draft.isSeekable) return {};
  const hashes = [...algorithms].map((algorithm) => ({ algorithm, hash: createHash(algorithm.replace("-", "")) }));
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  for (let at = 0; ; ) {
    signal.throwIfAborted();
    const { bytesRead } = await namingFile(draft.path, "read", () => draft.handle.read(buffer, 0, PIECE_BYTES, at));
    if (bytesRead === 0) break;
    for (const { hash } of hashes) hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  const verified: Partial<Record<DigestAlgorithm, string>> = {};
  for (const { algorithm, hash } of hashes) {
    const digest = hash.digest();
    for (const digests of expected) {
      const wanted = digests.get(algorithm);
      if (wanted !== undefined && !digest.equals(wanted)) {
        throw new ProtocolError("DIGEST_MISMATCH", { peer, operation: "download", detail: algorithm });
      }
    }
    verified[algorithm] = digest.toString("hex");
  }
  return verified;
}
