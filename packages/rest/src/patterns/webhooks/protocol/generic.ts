import { decodeBase64, decodeHex, encodeBase64, encodeHex } from "./octet-text.ts";
import { textKey, type WebhookScheme } from "./scheme.ts";

/** How a sender signs the content alone. */
export interface GenericWebhookOptions {
  /** The field with the signature. */
  readonly header: string;
  readonly algorithm?: "sha1" | "sha256" | "sha512";
  readonly encoding?: "hex" | "base64";
  /** What stands before the signature: `sha256=`. */
  readonly prefix?: string;
  readonly name?: string;
}

/**
 * A scheme that signs the content and nothing else, HMAC-SHA256 in hexadecimal digits where nothing else is said. Nothing
 * tells when such a message was signed: what was seen has to be remembered for that.
 *
 * @example
 * const shopify = genericWebhooks({ header: "x-shopify-hmac-sha256", encoding: "base64" });
 */
export function genericWebhooks(options: GenericWebhookOptions): WebhookScheme {
  const { algorithm = "sha256", encoding = "hex", prefix = "", name = "generic" } = options;
  const header = options.header.toLowerCase();
  const decode = encoding === "hex" ? decodeHex : decodeBase64;
  const encode = encoding === "hex" ? encodeHex : encodeBase64;
  return {
    name,
    methods: ["POST"],
    algorithm,
    keyOf: textKey,
    read: ({ field, body }) => {
      const value = field(header);
      const signature = value?.startsWith(prefix) === true ? decode(value.slice(prefix.length)) : undefined;
      return signature && { signed: [[body]], signatures: [signature] };
    },
    write: ({ body }) => ({
      signed: [body],
      fields: ([signature]) => (signature === undefined ? {} : { [header]: prefix + encode(signature) }),
    }),
  };
}

/**
 * GitHub: `X-Hub-Signature-256: sha256=…`.
 *
 * @see https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function githubWebhooks(): WebhookScheme {
  return genericWebhooks({ header: "x-hub-signature-256", prefix: "sha256=", name: "github" });
}
