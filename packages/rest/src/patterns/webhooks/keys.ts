import { UsageError } from "@fairlead/core";
import type { WebhookScheme } from "./protocol/scheme.ts";

/**
 * The keys that secrets stand for. An empty one would let anybody sign, so it is none.
 *
 * @throws UsageError OPTION_INVALID, which does not say what was given.
 */
export function keysOf(scheme: WebhookScheme, secrets: readonly string[]): readonly Uint8Array[] {
  const keys = secrets.flatMap((secret) => scheme.keyOf(secret) ?? []);
  if (keys.length === secrets.length && keys.length > 0) return keys;
  throw new UsageError("OPTION_INVALID", {
    operation: "webhook",
    detail: `secrets of ${scheme.name}`,
    remedy: "give at least one secret, as the sender shows it",
  });
}
