import { decodeHex, encodeHex } from "./octet-text.ts";
import { readTimestamp, textKey, type WebhookScheme } from "./scheme.ts";

/**
 * Slack: `X-Slack-Signature: v0=…` and `X-Slack-Request-Timestamp`.
 *
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function slackWebhooks(): WebhookScheme {
  return {
    name: "slack",
    methods: ["POST"],
    algorithm: "sha256",
    keyOf: textKey,
    read: ({ field, body }) => {
      const written = field("x-slack-request-timestamp");
      const timestampSeconds = readTimestamp(written);
      const signature = readPrefixed(field("x-slack-signature"));
      if (written === undefined || timestampSeconds === undefined || signature === undefined) return undefined;
      return { signed: [[`v0:${written}:`, body]], signatures: [signature], timestampSeconds };
    },
    write: ({ timestampSeconds, body }) => ({
      signed: [`v0:${String(timestampSeconds)}:`, body],
      fields: ([signature]) => ({
        "x-slack-request-timestamp": String(timestampSeconds),
        ...(signature !== undefined && { "x-slack-signature": `v0=${encodeHex(signature)}` }),
      }),
    }),
  };
}

function readPrefixed(value: string | undefined): Uint8Array | undefined {
  return value?.startsWith("v0=") === true ? decodeHex(value.slice("v0=".length)) : undefined;
}
