/** An address that the person has been to, as the application remembers it. */
export interface Visit {
  readonly url: string;
  readonly title?: string;
  /** How often. */
  readonly visits: number;
  /** Milliseconds since 1970. */
  readonly lastVisit: number;
}
