import { decodeBase64, encodeBase64 } from "./octet-text.ts";
import { readTimestamp, SIGNATURES_LIMIT, type WebhookScheme } from "./scheme.ts";

/**
 * Standard Webhooks, as OpenAI, Supabase, Resend and those who send by Svix have it: `webhook-id`, `webhook-timestamp` and
 * `webhook-signature`, or the same with `svix-`. Secrets are base64, with `whsec_` before it. Signatures of version 1, HMAC,
 * are read.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function standardWebhooks(): WebhookScheme {
  return {
    name: "standard-webhooks",
    methods: ["POST"],
    algorithm: "sha256",
    keyOf: (secret) => decodeBase64(secret.replace(/^whsec_/, "")),
    read: ({ field, body }) => {
      const prefix = field("webhook-id") === undefined ? "svix-" : "webhook-";
      const id = field(`${prefix}id`);
      const written = field(`${prefix}timestamp`);
      const timestampSeconds = readTimestamp(written);
      if (id === undefined || written === undefined || timestampSeconds === undefined) return undefined;
      const signatures = readSignatures(field(`${prefix}signature`) ?? "");
      return { signed: [[`${id}.${written}.`, body]], signatures, id, timestampSeconds };
    },
    write: ({ id, timestampSeconds, body }) => ({
      signed: [`${id}.${String(timestampSeconds)}.`, body],
      fields: (signatures) => ({
        "webhook-id": id,
        "webhook-timestamp": String(timestampSeconds),
        "webhook-signature": signatures.map((signature) => `v1,${encodeBase64(signature)}`).join(" "),
      }),
    }),
  };
}

/** `v1,BASE64`, one behind the other. */
function readSignatures(value: string): readonly Uint8Array[] {
  return value
    .split(" ", SIGNATURES_LIMIT)
    .filter((part) => part.startsWith("v1,"))
    .flatMap((part) => decodeBase64(part.slice("v1,".length)) ?? []);
}
