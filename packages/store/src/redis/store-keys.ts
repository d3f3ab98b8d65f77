/** Marks the form of what is kept under the keys; a store of another form is refused. */
export const schema = "1";

/**
 * Names of a store's keys. All of them carry one hash tag, so that a cluster keeps them on one server, where scripts can
 * change several at once: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
 */
export interface StoreKeys {
  readonly schema: string;
  /** Counts: of two records the one that was written later has the larger number. */
  readonly sequence: string;
  /** A hash: by collection, which batch was the last to change it. */
  readonly stamps: string;
  /** Which batch of an open store was the last that took effect. */
  applied(origin: string): string;
  /** Of a collection, by name of the record: a hash of what is stored, and its order of writing and of expiry. */
  collection(name: string): readonly [records: string, order: string, expiry: string];
  /** Where changes are published. Channels are the same in all databases of a server. */
  readonly channel: string;
}

/** Names the keys of a store. */
export function storeKeys(prefix: string, database: number): StoreKeys {
  const root = `{${prefix}}`;
  return {
    schema: `${root}:schema`,
    sequence: `${root}:sequence`,
    stamps: `${root}:stamps`,
    applied: (origin) => `${root}:applied:${origin}`,
    collection: (name) => [`${root}:records:${name}`, `${root}:order:${name}`, `${root}:expiry:${name}`],
    channel: `${root}:changes:${String(database)}`,
  };
}
