import type { Duplex } from "node:stream";
import { TransportError } from "@fairlead/core";

/**
 * Waits until bytes can be read, and leaves them where they are: whoever is given the stream next reads them.
 *
 * @throws TransportError STREAM_CLOSED when the peer says nothing at all; the stream's error; or the signal's reason.
 */
export function firstChunk(below: Duplex, peer: string | undefined, signal: AbortSignal): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const stop = (): void => {
    below.off("readable", onReadable);
    below.off("error", onError);
    below.off("end", onClose);
    below.off("close", onClose);
    signal.removeEventListener("abort", onAbort);
  };
  const onReadable = (): void => {
    const chunk = below.read() as Buffer | null;
    if (chunk === null) return;
    stop();
    below.unshift(chunk);
    resolve(chunk);
  };
  const fail = (reason: unknown): void => {
    stop();
    reject(reason);
  };
  const onError = (error: Error): void => fail(error);
  const onClose = (): void => fail(new TransportError("STREAM_CLOSED", { peer, operation: "secure" }));
  const onAbort = (): void => fail(signal.reason);
  below.on("error", onError);
  below.on("end", onClose);
  below.on("close", onClose);
  signal.addEventListener("abort", onAbort);
  below.on("readable", onReadable);
  onReadable();
  return promise;
}
