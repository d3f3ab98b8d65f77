import { UsageError } from "@fairlead/core";
import { createHmac, randomUUID } from "node:crypto";
import { keysOf } from "./keys.ts";
import type { Form, SignedPieces, WebhookScheme } from "./protocol/scheme.ts";

/** What is sent. */
export interface WebhookToSign {
  /** The content, byte by byte as it will be sent. */
  readonly body: string | Uint8Array;
  /** Where it goes: what Twilio's scheme signs. */
  readonly url?: string;
  /** What Twilio's scheme goes by. */
  readonly contentType?: string;
  /** What the message is called, the same each time it is tried: printable ASCII without dots. A random one by default. */
  readonly id?: string;
}

/** By what it is signed. */
export interface SignWebhookOptions {
  readonly scheme: WebhookScheme;
  /** The current secret first. Where the scheme has room for several signatures, one is made by each: so secrets change. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch; the system's clock by default. */
  readonly now?: () => number;
}

/**
 * Signs a message that is to be sent: the fields that go with it.
 *
 * @throws UsageError OPTION_INVALID for what is no secret of the scheme, or no identifier.
 */
export function signWebhook(message: WebhookToSign, options: SignWebhookOptions): Readonly<Record<string, string>> {
  const { scheme, secrets, now = Date.now } = options;
  const { url = "", contentType, id = `msg_${randomUUID()}` } = message;
  // What is signed is parted by dots: an identifier with one could be read in two ways.
  if (!/^[\x21-\x2d\x2f-\x7e]+$/.test(id))
    throw new UsageError("OPTION_INVALID", { operation: "signWebhook", detail: "id" });
  const body = typeof message.body === "string" ? new TextEncoder().encode(message.body) : message.body;
  const draft = scheme.write({
    id,
    timestampSeconds: Math.floor(now() / 1_000),
    url,
    contentType,
    body,
    form: () => formOf(body),
  });
  return draft.fields(keysOf(scheme, secrets).map((key) => mac(scheme, key, draft.signed)));
}

/** Names and values of content that is a form. */
export function formOf(body: Uint8Array): Form {
  return new URLSearchParams(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
}

/** The HMAC of what is signed. */
export function mac({ algorithm }: WebhookScheme, key: Uint8Array, signed: SignedPieces): Buffer {
  const hmac = createHmac(algorithm, key);
  for (const piece of signed) hmac.update(piece);
  return hmac.digest();
}
