/** The kinds of things that a manager remembers, as the page lists them. */
export const memoryKinds = [
  "hsts",
  "cookies",
  "tickets",
  "intermediates",
  "redirects",
  "responses",
  "exceptions",
] as const;

/** One kind. */
export type MemoryKind = (typeof memoryKinds)[number];

/** One thing that is remembered. Secrets, such as the values of cookies, are never in it. */
export interface RememberedThing {
  /** Forgets it, by `DELETE api/memory/KIND/KEY`; opaque. */
  readonly key: string;
  /** What it is about: a host, an origin, a URL. */
  readonly subject: string;
  /** What there is to know, in order: name and value, for people. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** ISO 8601; `undefined` where it has no end. */
  readonly expires: string | undefined;
}

/** A part of what is remembered, by `GET api/memory/KIND?search=TEXT&from=N&count=N`. */
export interface MemoryPage {
  readonly kind: MemoryKind;
  /** Those that match. */
  readonly total: number;
  readonly from: number;
  readonly things: readonly RememberedThing[];
}
