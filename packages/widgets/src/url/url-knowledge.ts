/**
 * What the platform does not know and the rules need. All of it may be missing: then no internationalised name is shown
 * in Unicode, and the whole host stands out. `loadUrlData` of `@fairlead/widgets` gives one.
 */
export interface UrlKnowledge {
  readonly publicSuffixes?: PublicSuffixes;
}

/** The public suffix list, ICANN's and private suffixes. */
export interface PublicSuffixes {
  /**
   * Returns where the registrable domain of a host begins, as an index into it; `undefined` where it has none.
   *
   * @param host an ASCII domain as the URL parser gives it, perhaps with a dot at its end.
   */
  readonly registrableDomainStart: (host: string) => number | undefined;
}
