import type { TlsFeature } from "../features.ts";

/** What `node:tls` can of what not every backend can. */
export const nodeFeatures: ReadonlySet<TlsFeature> = new Set<TlsFeature>(["client-certificates", "key-log", "psk"]);
