/** One entity tag, weak or strong. RFC 9110 section 8.8.3. */
const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/y;

/** What `If-Match` or `If-None-Match` names. */
export type EntityTagList = { readonly type: "any" } | { readonly type: "list"; readonly tags: readonly string[] };

/**
 * Reads `*`, or a list of entity tags. What follows something that is no entity tag is not looked at: a tag that is not
 * understood matches nothing.
 *
 * @see RFC 9110 sections 13.1.1 and 13.1.2
 */
export function parseEntityTags(value: string): EntityTagList {
  if (value.trim() === "*") return { type: "any" };
  const tags: string[] = [];
  let at = 0;
  while (at < value.length) {
    const character = value.charAt(at);
    if (character === "," || character === " " || character === "\t") {
      at += 1;
      continue;
    }
    ENTITY_TAG.lastIndex = at;
    const [tag] = ENTITY_TAG.exec(value) ?? [];
    if (tag === undefined) break;
    tags.push(tag);
    at += tag.length;
  }
  return { type: "list", tags };
}

/** Whether an entity tag says no more than that two representations are as good as each other. */
export function isWeakTag(tag: string): boolean {
  return tag.startsWith("W/");
}

/** A weak tag for what a tag stands for. */
export function weakTag(tag: string): string {
  return isWeakTag(tag) ? tag : `W/${tag}`;
}

/** Whether two tags stand for the same bytes. RFC 9110 section 8.8.3.2. */
export function matchesStrongly(left: string, right: string): boolean {
  return left === right && !isWeakTag(left);
}

/** Whether two tags stand for representations that are as good as each other. RFC 9110 section 8.8.3.2. */
export function matchesWeakly(left: string, right: string): boolean {
  return weakTag(left) === weakTag(right);
}
