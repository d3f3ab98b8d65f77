import type { TlsBackend } from "../contract.ts";
import type { TlsCapabilities } from "./capabilities.ts";

/** A backend to be tried, which shares nothing that trials would use up, and what ends it. */
export interface TriedBackend {
  readonly backend: TlsBackend;
  readonly forget?: (() => void) | undefined;
}

/** Tries what a backend can do when that is first asked for, and remembers it. Nothing of it is loaded before. */
export function whenAsked(open: () => TriedBackend): () => Promise<TlsCapabilities> {
  let known: Promise<TlsCapabilities> | undefined;
  return () => (known ??= tried(open));
}

async function tried(open: () => TriedBackend): Promise<TlsCapabilities> {
  const { probeCapabilities } = await import("./probe.ts");
  const { backend, forget } = open();
  try {
    return await probeCapabilities(backend);
  } finally {
    forget?.();
  }
}
