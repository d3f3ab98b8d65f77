/** One link of a `Link` field. */
export interface Link {
  /** As it was written: resolve it against the URL that answered. */
  readonly target: string;
  /** Relation types in lower case, extension types (URIs) among them; empty where there is none. */
  readonly relations: readonly string[];
  /** What the link leads away from, where that is not what was answered with: as it was written. */
  readonly anchor: string | undefined;
  /** For people; of `title*` where there is one. */
  readonly title: string | undefined;
  /** What else is said of the target, by lower-case name: `type`, `media`, extensions. The first of each name counts. */
  readonly attributes: ReadonlyMap<string, string>;
}

/**
 * The first link of a relation type that leads away from what was answered with. One with an anchor says something of
 * another resource, which who answered may have no say in, and is passed over.
 *
 * @param relation compared without regard to case.
 * @see RFC 8288 sections 2.1.2 and 3.2
 */
export function findLink(links: readonly Link[], relation: string): Link | undefined {
  const wanted = relation.toLowerCase();
  return links.find(({ anchor, relations }) => anchor === undefined && relations.includes(wanted));
}
