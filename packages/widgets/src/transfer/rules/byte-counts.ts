/** A number of bytes that can be counted with, whatever was told: none where it is not finite, or below zero. */
export function countableBytes(bytes: number): number {
  return Number.isFinite(bytes) && bytes > 0 ? Math.min(bytes, Number.MAX_SAFE_INTEGER) : 0;
}

/** What a transfer comes to; `undefined` where nobody has said it, and where what was said is no number of bytes. */
export function knownTotal(totalBytes: number | undefined): number | undefined {
  return totalBytes !== undefined && Number.isFinite(totalBytes) && totalBytes >= 0
    ? countableBytes(totalBytes)
    : undefined;
}
