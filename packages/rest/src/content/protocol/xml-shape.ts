/** What is looked at before an XML document is parsed. */
export type XmlShape =
  | "acceptable"
  /** Elements are nested deeper than allowed. */
  | "deep"
  /** The document type has declarations within, of entities for instance. */
  | "declares";

/**
 * Looks at how a document is built, as far as it is well-formed: where it is not, no parser goes on.
 *
 * @see XML 1.0 sections 2 and 3
 */
export function xmlShape(text: string, depthLimit: number): XmlShape {
  let depth = 0;
  for (let at = text.indexOf("<"); at !== -1; at = text.indexOf("<", at)) {
    const opaque = OPAQUE.find(([begin]) => text.startsWith(begin, at));
    if (opaque !== undefined) {
      at = behind(text, opaque[1], at + opaque[0].length);
    } else if (text.startsWith("<!", at)) {
      at = behindTag(text, at, /["'>[]/g);
      if (text.charAt(at - 1) === "[") return "declares";
    } else if (text.startsWith("</", at)) {
      depth -= 1;
      at = behind(text, ">", at);
    } else {
      at = behindTag(text, at, /["'>]/g);
      if (!text.startsWith("/", at - 2)) depth += 1;
      if (depth > depthLimit) return "deep";
    }
  }
  return "acceptable";
}

/** What has no elements within, whatever it looks like. */
const OPAQUE: readonly (readonly [begin: string, end: string])[] = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
];

function behind(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at === -1 ? text.length : at + end.length;
}

/** Behind the first of the characters that end a tag, but for quotes, which are passed over with what is between. */
function behindTag(text: string, from: number, special: RegExp): number {
  special.lastIndex = from;
  for (let found = special.exec(text)?.[0]; found !== undefined; found = special.exec(text)?.[0]) {
    if (found !== '"' && found !== "'") return special.lastIndex;
    special.lastIndex = behind(text, found, special.lastIndex);
  }
  return text.length;
}
