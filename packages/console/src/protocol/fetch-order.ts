/** What the address bar has fetched. */
export type FetchOrder = NewFetch | RepeatedFetch;

/** A request as it is told here. */
export interface NewFetch {
  readonly url: string;
  /** `GET` by default. */
  readonly method?: string;
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** Text, sent as UTF-8. */
  readonly body?: string;
}

/** A request that the console has made, once more: with what its URL and fields held that is not shown. */
export interface RepeatedFetch {
  /** The id of its transaction. */
  readonly repeat: number;
}
