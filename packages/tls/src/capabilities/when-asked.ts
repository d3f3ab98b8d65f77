import type { TlsBackend } from "../contract.ts";
import type { TlsCapabilities } from "./capabilities.ts";

/** Tries what a backend can do when that is first asked for, and remembers it. Nothing of it is loaded before. */
export function whenAsked(backend: () => TlsBackend): () => Promise<TlsCapabilities> {
  let known: Promise<TlsCapabilities> | undefined;
  return () => (known ??= import("./probe.ts").then(({ probeCapabilities }) => probeCapabilities(backend())));
}
