import { isRecord, isText, parseStored } from "./stored-value.ts";

/** A token of OAuth 1 that a consumer has for one account of a service, as it is stored. Secret. RFC 5849 section 2.3. */
export interface OAuth1TokenRecord {
  /** The origin of the service that gave it. */
  readonly service: string;
  readonly consumerKey: string;
  /** The application's own name for one of the user's accounts; empty where there is one alone. */
  readonly account: string;
  readonly token: string;
  readonly tokenSecret: string;
  /** What the service said beside, such as the user's name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Whose token a record holds. */
export type OAuth1TokenOwner = Pick<OAuth1TokenRecord, "service" | "consumerKey" | "account">;

/** Names the record of an owner. No part can hold what separates them. */
export function oauth1TokenKey({ service, consumerKey, account }: OAuth1TokenOwner): string {
  return ["oauth1", service, encodeURIComponent(consumerKey), encodeURIComponent(account)].join(" ");
}

/** Writes a record, as text. */
export function encodeOAuth1TokenRecord(record: OAuth1TokenRecord): string {
  return JSON.stringify(record);
}

/** Reads a record; `undefined` for what is none, or stands under another's key. */
export function decodeOAuth1TokenRecord(key: string, text: string): OAuth1TokenRecord | undefined {
  const value = parseStored(text);
  if (!isRecord(value)) return undefined;
  const { service, consumerKey, account, token, tokenSecret, parameters } = value;
  if (!isText(service) || URL.parse(service)?.origin !== service) return undefined;
  if (!isText(consumerKey) || !isText(account) || !isText(token) || token === "" || !isText(tokenSecret))
    return undefined;
  if (!isRecord(parameters) || !Object.values(parameters).every(isText)) return undefined;
  if (key !== oauth1TokenKey({ service, consumerKey, account })) return undefined;
  // Each of its values was found to be text.
  return {
    service,
    consumerKey,
    account,
    token,
    tokenSecret,
    parameters: parameters as Readonly<Record<string, string>>,
  };
}
