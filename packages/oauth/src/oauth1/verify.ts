import { createPublicKey, randomBytes, type KeyObject } from "node:crypto";
import type { NonceSeen } from "./nonce-memory.ts";
import type { OAuth1Claims } from "./protocol/protocol-parameters.ts";
import { isForm } from "./protocol/protocol-parameters.ts";
import { readRequest } from "./protocol/received-request.ts";
import type { SignatureMethod } from "./protocol/signature-method.ts";
import { readContent } from "./received-content.ts";
import { OAuth1Refusal } from "./refusal.ts";
import { bodyHash, isSame, isSignedBy, type VerificationKey } from "./signature.ts";

/** What a server knows of a consumer, and of a token of its. */
export interface OAuth1Secrets {
  /** `undefined` where it signs with a key of RSA. */
  readonly consumerSecret?: string | undefined;
  /** In PEM, or as Node.js has it; then nothing but RSA-SHA1 is taken. */
  readonly publicKey?: string | KeyObject | undefined;
  /** `undefined` where there is no token. */
  readonly tokenSecret?: string | undefined;
}

/** What {@link verifyOAuth1} goes by. */
export interface OAuth1VerifyOptions {
  /** Secrets of who signed; `undefined` where the consumer or its token is not known. */
  readonly secretOf: (
    consumerKey: string,
    token: string | undefined,
  ) => OAuth1Secrets | undefined | Promise<OAuth1Secrets | undefined>;
  /** `memoryNonces()`, or what several processes share. Asked after the signature was found right. */
  readonly nonceSeen: NonceSeen;
  /** Methods that are taken: all but PLAINTEXT by default. That one is taken over https only, and has no nonce. */
  readonly methods?: readonly SignatureMethod[];
  /** How far a timestamp may be from the clock, either way; 300 by default. */
  readonly windowSeconds?: number;
  /** The URL that the client wrote, where a proxy has changed it. */
  readonly url?: string | URL;
  /** Whether content that is no form has to be signed by its hash, too. Where there is a hash it is checked anyway. */
  readonly requiresBodyHash?: boolean;
  /** How long content may be that is signed; 65,536 by default. */
  readonly contentLimitBytes?: number;
  /** Milliseconds since the epoch; the clock by default. */
  readonly now?: () => number;
}

/** Who signed a request. */
export interface OAuth1Signer extends Pick<OAuth1Claims, "callback" | "consumerKey" | "method" | "token" | "verifier"> {
  readonly realm: string | undefined;
}

/**
 * Says who signed a request, and that nobody on the way has changed what is signed of it, nor sent it before. Its content
 * stays for the handler to read.
 *
 * @throws OAuth1Refusal, an AuthenticationError OAUTH_SIGNATURE_INVALID, whose `response()` is what to answer; and what the
 * callbacks throw.
 * @see RFC 5849 section 3.2
 */
export async function verifyOAuth1(request: Request, options: OAuth1VerifyOptions): Promise<OAuth1Signer> {
  const { methods = DEFAULT_METHODS, now = Date.now, windowSeconds = 300 } = options;
  const url = new URL(options.url ?? request.url);
  const content = await contentOf(request, options);
  const received = readRequest({
    method: request.method,
    url,
    authorization: request.headers.get("authorization") ?? undefined,
    form: content.form,
  });
  if (received.type === "refused") throw new OAuth1Refusal(received.problem, received.detail);
  const { claims, signature, baseString, realm } = received;
  const { consumerKey, token, method, timestamp, nonce, callback, verifier } = claims;
  if (!methods.includes(method)) throw new OAuth1Refusal("signature_method_rejected", "it is not taken here");
  if (method === "PLAINTEXT" && url.protocol !== "https:") {
    throw new OAuth1Refusal("signature_method_rejected", "PLAINTEXT is taken over https only");
  }
  if (timestamp !== undefined && Math.abs(timestamp * 1_000 - now()) > windowSeconds * 1_000) {
    throw new OAuth1Refusal("timestamp_refused");
  }

  const secrets = await options.secretOf(consumerKey, token);
  // Who is not known takes as long to refuse as who is, and is told the same.
  const key = secrets === undefined ? NOBODY : verificationKey(secrets, token);
  const isRight = isSignedBy(method, baseString, key, signature);
  if (secrets === undefined || !isRight) throw new OAuth1Refusal("signature_invalid");
  checkBodyHash(claims, content, options);
  if (timestamp !== undefined && nonce !== undefined && method !== "PLAINTEXT") {
    const expiresAt = (timestamp + windowSeconds) * 1_000 + 1;
    if (await options.nonceSeen({ consumerKey, token, timestamp, nonce, expiresAt })) {
      throw new OAuth1Refusal("nonce_used");
    }
  }
  return { consumerKey, token, method, callback, verifier, realm };
}

const DEFAULT_METHODS = ["HMAC-SHA256", "HMAC-SHA1", "RSA-SHA1"] as const;
const NOBODY: VerificationKey = {
  type: "shared",
  consumerSecret: randomBytes(32).toString("hex"),
  tokenSecret: randomBytes(32).toString("hex"),
};

function verificationKey(secrets: OAuth1Secrets, token: string | undefined): VerificationKey {
  const { consumerSecret, publicKey, tokenSecret } = secrets;
  if (publicKey !== undefined) {
    return { type: "public", key: typeof publicKey === "string" ? createPublicKey(publicKey) : publicKey };
  }
  // A secret that is missing is nobody's, not the empty one.
  if (consumerSecret === undefined || (token !== undefined && tokenSecret === undefined)) return NOBODY;
  return { type: "shared", consumerSecret, tokenSecret: tokenSecret ?? "" };
}

/** Content as far as it is signed. */
interface SignedContent {
  readonly form: string;
  /** Whatever is no form; `undefined` where it was not read. */
  readonly other: Uint8Array | undefined;
}

async function contentOf(request: Request, options: OAuth1VerifyOptions): Promise<SignedContent> {
  const { contentLimitBytes = 65_536, requiresBodyHash = false } = options;
  const readsForm = isForm(request.headers.get("content-type") ?? undefined);
  const namesHash = /\boauth_body_hash\b/.test(`${request.headers.get("authorization") ?? ""} ${request.url}`);
  if (!readsForm && !namesHash && !requiresBodyHash) return { form: "", other: undefined };
  const bytes = await readContent(request, contentLimitBytes);
  if (bytes === undefined) throw new OAuth1Refusal("parameter_rejected", "the content is longer than may be signed");
  if (!readsForm) return { form: "", other: bytes };
  try {
    return { form: decoder.decode(bytes), other: undefined };
  } catch {
    throw new OAuth1Refusal("parameter_rejected", "the form is no UTF-8");
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function checkBodyHash(
  { bodyHash: given, method }: OAuth1Claims,
  { other }: SignedContent,
  { requiresBodyHash = false }: OAuth1VerifyOptions,
): void {
  if (given === undefined) {
    if (requiresBodyHash && other !== undefined && other.length > 0) {
      throw new OAuth1Refusal("parameter_absent", "oauth_body_hash");
    }
    return;
  }
  if (other === undefined) throw new OAuth1Refusal("parameter_rejected", "oauth_body_hash is not for forms");
  if (!isSame(bodyHash(method, other), given)) throw new OAuth1Refusal("signature_invalid", "oauth_body_hash");
}
