import { decodeHex, encodeHex } from "./octet-text.ts";
import { readTimestamp, SIGNATURES_LIMIT, textKey, type WebhookScheme } from "./scheme.ts";

/**
 * Stripe: `Stripe-Signature: t=1492774577,v1=…`, the secret as it is, `whsec_` included.
 *
 * @see https://docs.stripe.com/webhooks/signature
 */
export function stripeWebhooks(): WebhookScheme {
  return {
    name: "stripe",
    methods: ["POST"],
    algorithm: "sha256",
    keyOf: textKey,
    read: ({ field, body }) => {
      const parts = (field("stripe-signature") ?? "").split(",", SIGNATURES_LIMIT).map((part) => part.trim());
      const values = (name: string): readonly string[] =>
        parts.filter((part) => part.startsWith(name)).map((part) => part.slice(name.length));
      const [written, another] = values("t=");
      const timestampSeconds = readTimestamp(written);
      if (written === undefined || another !== undefined || timestampSeconds === undefined) return undefined;
      const signatures = values("v1=").flatMap((value) => decodeHex(value) ?? []);
      return { signed: [[`${written}.`, body]], signatures, timestampSeconds };
    },
    write: ({ timestampSeconds, body }) => ({
      signed: [`${String(timestampSeconds)}.`, body],
      fields: (signatures) => ({
        "stripe-signature": [
          `t=${String(timestampSeconds)}`,
          ...signatures.map((signature) => `v1=${encodeHex(signature)}`),
        ].join(","),
      }),
    }),
  };
}
