/**
 * How a sender signs what it sends: a value, made by `standardWebhooks`, `githubWebhooks`, `stripeWebhooks`, `slackWebhooks`,
 * `twilioWebhooks` or `genericWebhooks`.
 */
export interface WebhookScheme {
  readonly name: string;
  readonly methods: readonly string[];
  /** Of the HMAC. RFC 2104. */
  readonly algorithm: "sha1" | "sha256" | "sha512";
  /** The key that a secret stands for; `undefined` for what is no secret of this scheme. */
  keyOf(secret: string): Uint8Array | undefined;
  /** What a request says of itself, before anything of it is believed; `undefined` where it is not signed. */
  read(received: ReceivedWebhook): WebhookClaims | undefined;
  /** What is to be signed of a message, and the fields that go with it once it is. */
  write(message: OutgoingWebhook): WebhookDraft;
}

/** Names and values. */
export type Form = Iterable<readonly [name: string, value: string]>;

/** Text and bytes, one behind the other. */
export type SignedPieces = readonly (string | Uint8Array)[];

/** A request that says that it is a webhook. */
export interface ReceivedWebhook {
  /** The address as its sender knows it. */
  readonly url: string;
  /** By lower-case name. */
  readonly field: (name: string) => string | undefined;
  readonly body: Uint8Array;
  /** Names and values of the content read as a form. */
  readonly form: () => Form;
}

/** What such a request claims. */
export interface WebhookClaims {
  /** What may have been signed: one reading of the request, or several where senders disagree about it. */
  readonly signed: readonly SignedPieces[];
  /** Any of them will do: a sender that changes its secret signs by both. */
  readonly signatures: readonly Uint8Array[];
  /** What the sender calls the message, where it has signed that. */
  readonly id?: string;
  /** When it was signed, where the sender has signed that too. */
  readonly timestampSeconds?: number;
  /** What SHA-256 of the content has to be, where the content is signed by way of that. */
  readonly bodySha256?: Uint8Array;
}

/** A message to be signed. */
export interface OutgoingWebhook {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly url: string;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
  readonly form: () => Form;
}

/** A message that is ready to be signed. */
export interface WebhookDraft {
  readonly signed: SignedPieces;
  /** The fields that go with it, made of its signature by each secret. */
  fields(signatures: readonly Uint8Array[]): Readonly<Record<string, string>>;
}

/** Signatures of one request that are looked at. */
export const SIGNATURES_LIMIT = 16;

/** Seconds since the epoch in digits, and nothing else: what is signed is this text. */
export function readTimestamp(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/** The secret as it is, in UTF-8. */
export function textKey(secret: string): Uint8Array | undefined {
  return secret === "" ? undefined : new TextEncoder().encode(secret);
}
