import { isRecord, isText, parseStored } from "./stored-value.ts";

/** The tokens of OAuth that one client has for one account of one authorization server, as they are stored. Secret. */
export interface TokenRecord {
  /** The authorization server's identifier, a URL. RFC 8414 section 2. */
  readonly issuer: string;
  readonly clientId: string;
  /** The application's own name for one of the user's accounts; empty where there is one alone. */
  readonly account: string;
  /** Names who signed in, for as long as that is the same; tells nothing of them. */
  readonly login: string;
  /** When the authorization server gave them, in milliseconds since the epoch. */
  readonly keptAt: number;
  readonly tokens: StoredTokens;
  /** What they are bound to; `undefined` where that is no key. RFC 9449. */
  readonly proofKey: StoredProofKey | undefined;
}

/** What an authorization server gave, as it is stored. */
export interface StoredTokens {
  readonly accessToken: string;
  readonly tokenType: "bearer" | "dpop";
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
  readonly refreshToken: string | undefined;
  readonly scope: readonly string[];
  readonly claims: StoredClaims | undefined;
  readonly idToken: string | undefined;
}

/** What an ID token says. */
export interface StoredClaims {
  readonly iss: string;
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** A private key of P-256. RFC 7518 section 6.2. */
export interface StoredProofKey {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

/** Whose tokens a record holds. */
export type TokenOwner = Pick<TokenRecord, "issuer" | "clientId" | "account">;

/** What a record is for: to be read by all, or to be taken by whoever renews the tokens. */
export type TokenRecordPurpose = "tokens" | "turn";

/** Names the record of an owner. The issuer stands in it as a URL; no part can hold what separates them. */
export function tokenKey({ issuer, clientId, account }: TokenOwner, purpose: TokenRecordPurpose): string {
  return [purpose, issuer, encodeURIComponent(clientId), encodeURIComponent(account)].join(" ");
}

/** Writes a record, as text. */
export function encodeTokenRecord(record: TokenRecord): string {
  return JSON.stringify(record);
}

/** Reads a record; `undefined` for what is none, or stands under another's key. */
export function decodeTokenRecord(key: string, text: string): TokenRecord | undefined {
  const value = parseStored(text);
  if (!isRecord(value)) return undefined;
  const { issuer, clientId, account, login, keptAt } = value;
  if (!isText(issuer) || !isText(clientId) || !isText(account) || !isText(login) || !isTime(keptAt)) return undefined;
  if (!URL.canParse(issuer) || issuer.includes(" ")) return undefined;
  const owner = { issuer, clientId, account };
  if (key !== tokenKey(owner, "tokens") && key !== tokenKey(owner, "turn")) return undefined;
  const tokens = readTokens(value["tokens"]);
  const proofKey = value["proofKey"] === undefined ? undefined : readProofKey(value["proofKey"]);
  if (tokens === undefined || (value["proofKey"] !== undefined && proofKey === undefined)) return undefined;
  // Nobody could send it.
  if (tokens.tokenType === "dpop" && proofKey === undefined) return undefined;
  return { ...owner, login, keptAt, tokens, proofKey };
}

function readTokens(value: unknown): StoredTokens | undefined {
  if (!isRecord(value)) return undefined;
  const { accessToken, tokenType, expiresAt, refreshToken, scope, claims, idToken } = value;
  if (!isToken(accessToken) || (tokenType !== "bearer" && tokenType !== "dpop")) return undefined;
  if (expiresAt !== undefined && !isTime(expiresAt)) return undefined;
  if (refreshToken !== undefined && !isToken(refreshToken)) return undefined;
  if (idToken !== undefined && !isToken(idToken)) return undefined;
  if (!Array.isArray(scope) || !scope.every(isText) || !isClaims(claims)) return undefined;
  return { accessToken, tokenType, expiresAt, refreshToken, scope, claims, idToken };
}

function isClaims(value: unknown): value is StoredClaims | undefined {
  return value === undefined || (isRecord(value) && isText(value["iss"]) && isText(value["sub"]));
}

function readProofKey(value: unknown): StoredProofKey | undefined {
  if (!isRecord(value)) return undefined;
  const { kty, crv, x, y, d } = value;
  const isWhole = kty === "EC" && crv === "P-256" && isCoordinate(x) && isCoordinate(y) && isCoordinate(d);
  return isWhole ? { kty, crv, x, y, d } : undefined;
}

/** 32 bytes. RFC 7518 section 6.2.1.2. */
function isCoordinate(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{43}$/.test(value);
}

/** What may stand in a field; a token that could break out of one is nobody's. RFC 6749 appendix A.12. */
function isToken(value: unknown): value is string {
  return typeof value === "string" && /^[\x20-\x7e]+$/.test(value);
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
