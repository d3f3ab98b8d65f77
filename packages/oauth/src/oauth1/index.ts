/** OAuth 1.0: requests signed, verified, and the way to a user's consent. RFC 5849. */
export { oauth1Authenticator, type OAuth1AuthenticatorOptions } from "./authenticator.ts";
export type { OAuth1Credentials } from "./credentials.ts";
export {
  accessToken,
  authorizationUrl,
  readCallback,
  requestToken,
  type OAuth1Token,
  type RequestTokenOptions,
  type TemporaryCredentials,
} from "./flow.ts";
export { memoryNonces, type NonceSeen, type NonceUse } from "./nonce-memory.ts";
export type { OAuth1Claims } from "./protocol/protocol-parameters.ts";
export type { OAuth1Problem } from "./protocol/received-request.ts";
export type { SignatureMethod } from "./protocol/signature-method.ts";
export { OAuth1Refusal } from "./refusal.ts";
export type { OAuth1Service } from "./service.ts";
export { openOAuth1Tokens, type OAuth1KeeperOptions, type OAuth1TokenKeeper } from "./token-keeper.ts";
export { verifyOAuth1, type OAuth1Secrets, type OAuth1Signer, type OAuth1VerifyOptions } from "./verify.ts";
