import { ServiceError } from "@fairlead/core";
import { createHash, timingSafeEqual } from "node:crypto";
import { keysOf } from "./keys.ts";
import { encodeHex } from "./protocol/octet-text.ts";
import type { WebhookClaims, WebhookScheme } from "./protocol/scheme.ts";
import { formOf, mac } from "./sign.ts";

/** A request that says that it is a webhook. */
export interface WebhookMessage {
  readonly headers: Pick<Headers, "get">;
  /** The content as it came, byte by byte: what was parsed and written again is other bytes. */
  readonly body: Uint8Array;
  /** The address as its sender knows it: what Twilio's scheme signs. */
  readonly url?: string;
}

/** Whom it has to come from, and when. */
export interface VerifyWebhookOptions {
  readonly scheme: WebhookScheme;
  /** Any of them will do: the new secret and the old one, while they change. */
  readonly secrets: readonly string[];
  /** How far the time of signing may be from now, either way; 300 by default. Schemes without a time are not held to it. */
  readonly toleranceSeconds?: number;
  /** Milliseconds since the epoch; the system's clock by default. */
  readonly now?: () => number;
}

/** A message that its sender has signed. */
export interface VerifiedWebhook {
  /**
   * What the message is known by, the same each time that it comes: what its sender calls it where that is signed, else its
   * signature. Fields that name a delivery without being signed, as GitHub's, can be changed by who replays it.
   */
  readonly id: string;
  /** Milliseconds since the epoch; `undefined` where the scheme does not say. */
  readonly signedAt: number | undefined;
  readonly body: Uint8Array;
}

/**
 * Verifies that a message was signed by somebody who knows one of the secrets, not long ago. Signatures are compared in a
 * time that tells nothing of them.
 *
 * @throws ServiceError WEBHOOK_SIGNATURE_INVALID; UsageError OPTION_INVALID for what is no secret of the scheme.
 */
export function verifyWebhook(message: WebhookMessage, options: VerifyWebhookOptions): VerifiedWebhook {
  const { scheme, toleranceSeconds = 300, now = Date.now } = options;
  const keys = keysOf(scheme, options.secrets);
  const { headers, body, url = "" } = message;
  const claims = scheme.read({
    url,
    body,
    field: (name) => headers.get(name) ?? undefined,
    form: () => formOf(body),
  });
  if (claims === undefined || claims.signatures.length === 0) throw refused(scheme, "there is no signature");
  const signature = matchingSignature(scheme, keys, claims, body);
  if (signature === undefined) throw refused(scheme, "no secret matches");
  const { id, timestampSeconds } = claims;
  if (timestampSeconds !== undefined && Math.abs(now() / 1_000 - timestampSeconds) > toleranceSeconds) {
    throw refused(scheme, "it was not signed just now");
  }
  return {
    id: id ?? encodeHex(signature),
    signedAt: timestampSeconds === undefined ? undefined : timestampSeconds * 1_000,
    body,
  };
}

function matchingSignature(
  scheme: WebhookScheme,
  keys: readonly Uint8Array[],
  { signed, signatures, bodySha256 }: WebhookClaims,
  body: Uint8Array,
): Uint8Array | undefined {
  if (bodySha256 !== undefined && !equal(createHash("sha256").update(body).digest(), bodySha256)) return undefined;
  for (const pieces of signed) {
    for (const key of keys) {
      const expected = mac(scheme, key, pieces);
      if (signatures.some((signature) => equal(expected, signature))) return expected;
    }
  }
  return undefined;
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

function refused(scheme: WebhookScheme, detail: string): ServiceError {
  return new ServiceError("WEBHOOK_SIGNATURE_INVALID", { operation: "verify", peer: scheme.name, detail });
}
