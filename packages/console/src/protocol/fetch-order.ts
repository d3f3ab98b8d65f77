/** What the address bar has fetched. */
export interface FetchOrder {
  readonly url: string;
  /** `GET` by default. */
  readonly method?: string;
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** Text, sent as UTF-8. */
  readonly body?: string;
}
