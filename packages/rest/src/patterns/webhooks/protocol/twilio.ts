import { decodeBase64, decodeHex, encodeBase64 } from "./octet-text.ts";
import {
  textKey,
  type Form,
  type ReceivedWebhook,
  type SignedPieces,
  type WebhookClaims,
  type WebhookScheme,
} from "./scheme.ts";

/**
 * Twilio: `X-Twilio-Signature`, HMAC-SHA1 of the address and of the parameters of a form. Other content is signed by way of
 * its SHA-256 in the address, `bodySHA256`; without that it is refused, as nothing speaks for it. The secret is the
 * account's auth token.
 *
 * The address is signed as Twilio has it: behind a proxy, say which it is.
 *
 * @see https://www.twilio.com/docs/usage/security
 */
export function twilioWebhooks(): WebhookScheme {
  return {
    name: "twilio",
    methods: ["GET", "POST"],
    algorithm: "sha1",
    keyOf: textKey,
    read: (received) => {
      const signature = decodeBase64(received.field("x-twilio-signature") ?? "");
      return signature && claims(received, signature);
    },
    write: ({ url, contentType, form }) => ({
      signed: [url, isForm(contentType) ? parameters(form()) : ""],
      fields: ([signature]) => (signature === undefined ? {} : { "x-twilio-signature": encodeBase64(signature) }),
    }),
  };
}

function claims({ url, field, body, form }: ReceivedWebhook, signature: Uint8Array): WebhookClaims | undefined {
  const signatures = [signature];
  const [, digest] = /[?&]bodySHA256=([^&#]*)/.exec(url) ?? [];
  if (digest !== undefined) {
    const bodySha256 = decodeHex(digest);
    return bodySha256 && { signed: addresses(url).map((address) => [address]), signatures, bodySha256 };
  }
  if (body.length > 0 && !isForm(field("content-type"))) return undefined;
  const written = body.length > 0 ? parameters(form()) : "";
  const signed = addresses(url).map((address): SignedPieces => [address, written]);
  return { signed, signatures };
}

/** The address as it is, without its port, and with the port that its scheme stands for: Twilio has used each of them. */
function addresses(url: string): readonly string[] {
  const [, scheme, userInformation = "", host = "", port, rest = ""] =
    /^(https?):\/\/([^/?#]*@)?(\[[^\]]*\]|[^/?#:@]*)(?::(\d+))?([/?#].*)?$/.exec(url) ?? [];
  if (scheme === undefined) return [url];
  const standard = scheme === "https" ? "443" : "80";
  const [before, behind] = [`${scheme}://${userInformation}${host}`, rest];
  return [...new Set([url, before + behind, `${before}:${port ?? standard}${behind}`])];
}

function isForm(contentType: string | undefined): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType ?? "");
}

/** Names and values of a form, by name; of a name's values each once, in order. */
function parameters(form: Form): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of form) {
    const known = values.get(name);
    if (known === undefined) values.set(name, new Set([value]));
    else known.add(value);
  }
  return [...values.keys()]
    .sort()
    .map((name) =>
      [...(values.get(name) ?? [])]
        .sort()
        .map((value) => name + value)
        .join(""),
    )
    .join("");
}
