import { AuthenticationError, isCodedError, retryHelps } from "@fairlead/core";
import type { DeviceAuthorizationResponse } from "oauth4webapi";
import { allowsPlainHttp, converse, withNonce, type Conversation } from "../client/conversation.ts";
import type { OAuthClient } from "../client/oauth-client.ts";
import type { OAuthClientOptions } from "../client/options.ts";
import { isSecured } from "../client/protocol/server-metadata.ts";
import { OAuthError } from "../oauth-error.ts";
import type { TokenSet } from "../tokens/token-set.ts";
import { systemClock, type Clock } from "./clock.ts";
import type { FlowOptions } from "./flow-options.ts";
import { decidePoll, type PollAnswer } from "./protocol/device-poll.ts";
import { readTokens } from "./token-answer.ts";

/** What somebody needs to sign in on another device. RFC 8628 section 3.2 */
export interface DeviceCode {
  /** What is typed in there; harmless to print. */
  readonly userCode: string;
  /** Where; https, or http on this machine. */
  readonly verificationUri: string;
  /** The same with the code in it, for a link or a QR code; `undefined` where the server gives none. */
  readonly verificationUriComplete: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How somebody signs in on another device. */
export interface DeviceLoginOptions extends FlowOptions {
  /** Shows it to whoever signs in. */
  readonly onCode: (code: DeviceCode) => void | Promise<void>;
  /** What time is, and how it passes. @internal */
  readonly clock?: Clock;
}

/**
 * Has somebody sign in on another device, where this one has no browser, and keeps the tokens.
 *
 * @throws OAuthError OAUTH_REFUSED: `access_denied`, `expired_token` when nobody has signed in in time; AuthenticationError;
 * what `request` throws; or the signal's reason.
 * @see RFC 8628
 *
 * @example
 * await loginByDevice(client, {
 *   onCode: ({ userCode, verificationUri }) => console.log(`open ${verificationUri} and type in ${userCode}`),
 * });
 */
export async function loginByDevice(
  client: OAuthClient,
  { onCode, signal, clock = systemClock }: DeviceLoginOptions,
): Promise<TokenSet> {
  const topic = { operation: "sign in", signal };
  const granted = await converse(client, topic, (conversation) => requestCode(client, conversation, clock));
  await onCode(granted.code);
  const tokens = await converse(client, topic, (conversation) =>
    pollForTokens(client, conversation, granted, { clock, signal }),
  );
  await client.tokens.keep(tokens);
  return tokens;
}

interface GrantedCode {
  /** Secret. */
  readonly deviceCode: string;
  readonly code: DeviceCode;
  /** Milliseconds between two questions. */
  readonly interval: number;
}

/** A server that gives more time than this gives too much. */
const LONGEST_SECONDS = 3_600;

const DEFAULT_INTERVAL_SECONDS = 5;

async function requestCode(
  { options: asked }: OAuthClient,
  conversation: Conversation,
  clock: Clock,
): Promise<GrantedCode> {
  const { library, server, client, authentication, options } = conversation;
  const parameters = new URLSearchParams();
  if (asked.scope !== undefined && asked.scope.length > 0) parameters.set("scope", asked.scope.join(" "));
  if (asked.resource !== undefined) parameters.set("resource", String(asked.resource));
  const response = await library.deviceAuthorizationRequest(server, client, authentication, parameters, options);
  const granted = await library.processDeviceAuthorizationResponse(server, client, response);
  return {
    deviceCode: granted.device_code,
    code: shownCode(granted, conversation, asked, clock),
    interval: (granted.interval ?? DEFAULT_INTERVAL_SECONDS) * 1_000,
  };
}

/** What is shown to people: nothing that moves a terminal's cursor, and no address that starts another program. */
function shownCode(
  granted: DeviceAuthorizationResponse,
  { question: { peer, operation } }: Conversation,
  asked: OAuthClientOptions,
  clock: Clock,
): DeviceCode {
  const address = (text: string): string => {
    const url = URL.parse(text);
    if (url !== null && isSecured(url, new URL(asked.issuer), allowsPlainHttp(asked))) return url.href;
    throw new AuthenticationError("OAUTH_RESPONSE_INVALID", {
      peer,
      operation,
      detail: "a verification_uri that is not https",
    });
  };
  if (!/^[\x20-\x7e]{1,100}$/.test(granted.user_code)) {
    throw new AuthenticationError("OAUTH_RESPONSE_INVALID", {
      peer,
      operation,
      detail: "a user_code that nobody can type",
    });
  }
  const { verification_uri: uri, verification_uri_complete: complete } = granted;
  return {
    userCode: granted.user_code,
    verificationUri: address(uri),
    verificationUriComplete: complete === undefined ? undefined : address(complete),
    expiresAt: clock.now() + Math.min(granted.expires_in, LONGEST_SECONDS) * 1_000,
  };
}

/** Asks until somebody has signed in, has refused, or has let the time pass. RFC 8628 section 3.5 */
async function pollForTokens(
  { options: { scope = [], dpop } }: OAuthClient,
  conversation: Conversation,
  { deviceCode, code: { expiresAt }, interval: firstInterval }: GrantedCode,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal | undefined },
): Promise<TokenSet> {
  let interval = firstInterval;
  let answer: PollAnswer = "pending";
  for (;;) {
    const decision = decidePoll(answer, { interval, now: clock.now(), expiresAt });
    if (decision.type === "expired") {
      const { peer, operation } = conversation.question;
      throw new OAuthError({ peer, operation, error: "expired_token" });
    }
    interval = decision.interval;
    await clock.wait(interval, signal);
    try {
      return await requestTokens(conversation, deviceCode, { scope, dpop });
    } catch (error) {
      answer = pollAnswer(error, conversation);
    }
  }
}

function requestTokens(
  conversation: Conversation,
  deviceCode: string,
  asked: { readonly scope: readonly string[]; readonly dpop: boolean | undefined },
): Promise<TokenSet> {
  const { library, server, client, authentication, options, proof } = conversation;
  return withNonce(conversation, async () => {
    const terms = { ...options, ...(proof === undefined ? {} : { DPoP: proof }) };
    const response = await library.deviceCodeGrantRequest(server, client, authentication, deviceCode, terms);
    const body = await library.processDeviceCodeResponse(server, client, response);
    return readTokens(conversation, { response, body }, asked);
  });
}

/** @throws what is no reason to ask again. */
function pollAnswer(error: unknown, { library }: Conversation): PollAnswer {
  if (error instanceof library.ResponseBodyError) {
    if (error.error === "authorization_pending") return "pending";
    if (error.error === "slow_down") return "slow-down";
  }
  if (isCodedError(error) && retryHelps(error)) return "unreachable";
  throw error;
}
