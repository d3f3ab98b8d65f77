import { isRecord, isText, parseStored } from "./stored-value.ts";

/** That somebody signed in: what it takes to use the tokens again, and where they go. Secret. */
export interface LoginRecord {
  /** The authorization server's identifier, a URL. RFC 8414 section 2. */
  readonly issuer: string;
  readonly clientId: string;
  /** `undefined` where the client has none. */
  readonly clientSecret: string | undefined;
  /** The user's own name for one of several accounts; empty where there is one alone. */
  readonly account: string;
  /** Tells it from any other login, there and later, and nothing else. */
  readonly id: string;
  /** What was asked for. */
  readonly scope: readonly string[];
  /** To whom the tokens are sent without being asked. */
  readonly origins: readonly string[];
  /** What the server said of itself, for whoever reads it to check. RFC 8414 section 2. */
  readonly server: Readonly<Record<string, unknown>>;
}

/** Whose login a record is. */
export type LoginOwner = Pick<LoginRecord, "issuer" | "clientId" | "account">;

/** Names the record of an owner. The issuer stands in it as a URL; no part can hold what separates them. */
export function loginKey({ issuer, clientId, account }: LoginOwner): string {
  return [issuer, encodeURIComponent(clientId), encodeURIComponent(account)].join(" ");
}

/** Writes a record, as text. */
export function encodeLoginRecord(record: LoginRecord): string {
  return JSON.stringify(record);
}

/** Reads a record; `undefined` for what is none, or stands under another's key. */
export function decodeLoginRecord(key: string, text: string): LoginRecord | undefined {
  const value = parseStored(text);
  if (!isRecord(value)) return undefined;
  const { issuer, clientId, clientSecret, account, id, scope, origins, server } = value;
  if (!isText(issuer) || URL.parse(issuer)?.href !== issuer || !isText(clientId) || !isText(account)) return undefined;
  if (typeof id !== "string" || !/^[\w-]{8,64}$/.test(id)) return undefined;
  if (clientSecret !== undefined && !isText(clientSecret)) return undefined;
  if (!isListOf(scope, isText) || !isListOf(origins, isOrigin) || !isRecord(server)) return undefined;
  if (key !== loginKey({ issuer, clientId, account })) return undefined;
  return { issuer, clientId, clientSecret, account, id, scope, origins, server };
}

function isListOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is readonly Item[] {
  return Array.isArray(value) && value.every(isItem);
}

function isOrigin(value: unknown): value is string {
  return isText(value) && URL.parse(value)?.origin === value;
}
