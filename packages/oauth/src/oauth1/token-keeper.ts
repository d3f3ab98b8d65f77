import { openCollection, secretStore } from "@fairlead/access/memory";
import { decodeOAuth1TokenRecord, encodeOAuth1TokenRecord, oauth1TokenKey } from "@fairlead/http/authentication";
import type { OAuth1Token } from "./flow.ts";
import type { OAuth1Service } from "./service.ts";

/** Keeps the token of one consumer, for one account of one service. */
export interface OAuth1TokenKeeper {
  /** `undefined` where there is none. Read without waiting; what another process keeps is seen. */
  current(): OAuth1Token | undefined;
  /** Has this in place of what there was. @returns once it is durable. */
  keep(token: OAuth1Token): Promise<void>;
  /** Forgets it. @returns once that is durable. */
  forget(): Promise<void>;
}

/** Which token, and how it is kept. */
export interface OAuth1KeeperOptions {
  /** Which of the user's accounts, by any name; empty by default. */
  readonly account?: string;
  readonly dangerous?: {
    /** Keeps it in a store that is not encrypted: whoever reads its file is the user. */
    readonly keepTokensInTheClear?: boolean;
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Opens what keeps a consumer's token in the manager's store, where that is encrypted, and in memory otherwise.
 *
 * @example
 * const tokens = await openOAuth1Tokens(service);
 * const temporary = await requestToken(service);
 * await tokens.keep(await accessToken(service, temporary, verifier));
 */
export async function openOAuth1Tokens(
  { manager, accessTokenUrl, consumerKey }: Pick<OAuth1Service, "manager" | "accessTokenUrl" | "consumerKey">,
  { account = "", dangerous }: OAuth1KeeperOptions = {},
): Promise<OAuth1TokenKeeper> {
  const inTheClear = dangerous?.keepTokensInTheClear ?? false;
  const store = await secretStore(manager.store, { what: "tokens of OAuth", inTheClear });
  const records = openCollection(store, "oauth-tokens");
  const owner = { service: new URL(accessTokenUrl).origin, consumerKey, account };
  const key = oauth1TokenKey(owner);
  return {
    current: () => {
      const stored = records.get(key);
      const record = stored && decodeOAuth1TokenRecord(key, decoder.decode(stored.value));
      if (record === undefined) return undefined;
      const { token, tokenSecret, parameters } = record;
      return { token, tokenSecret, parameters };
    },
    keep: async ({ token, tokenSecret, parameters }) => {
      records.set(key, encoder.encode(encodeOAuth1TokenRecord({ ...owner, token, tokenSecret, parameters })));
      await store.flush();
    },
    forget: async () => {
      records.delete(key);
      await store.flush();
    },
  };
}
