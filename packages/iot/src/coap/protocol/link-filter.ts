import type { CoapLink } from "./link-format.ts";

/**
 * The links that a query asks for, each part of which is `name=value`: an attribute that has this value, or begins with it
 * where the part ends in `*`; `href` is the target. Of `rt`, `if`, `rel` and `ct` one of several values suffices. Parts without
 * `=` ask for nothing.
 *
 * @see RFC 6690 section 4.1, RFC 7252 section 7.2.1
 *
 * @example
 * filterLinks(links, ["rt=temperature*"]);
 */
export function filterLinks(links: readonly CoapLink[], query: readonly string[]): readonly CoapLink[] {
  const wishes = query.flatMap((part) => {
    const [, name, wanted, isOpen] = /^([^=]+)=(.*?)(\*?)$/s.exec(part) ?? [];
    return name === undefined || wanted === undefined ? [] : [{ name, wanted, isOpen: isOpen === "*" }];
  });
  return links.filter((link) =>
    wishes.every(({ name, wanted, isOpen }) =>
      valuesOf(link, name).some((value) => (isOpen ? value.startsWith(wanted) : value === wanted)),
    ),
  );
}

function valuesOf({ target, attributes }: CoapLink, name: string): readonly string[] {
  if (name === "href") return [target];
  const values = attributes.flatMap((attribute) => (attribute.name === name ? (attribute.value ?? "") : []));
  return lists.has(name) ? values.flatMap((value) => value.split(" ")) : values;
}

const lists: ReadonlySet<string> = new Set(["rt", "if", "rel", "ct"]);
