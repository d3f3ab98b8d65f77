import { ContentError, type ContentErrorFacts } from "@fairlead/core";
import type { XmlElement } from "@rgrove/parse-xml";
import { xmlEncoding } from "./protocol/xml-encoding.ts";
import { xmlShape } from "./protocol/xml-shape.ts";
import { decodeAs, type ContentFacts } from "./text.ts";

/** Elements within one another. */
const DEPTH_LIMIT = 256;

/**
 * Reads an XML document. Its encoding is what its byte order mark says, else its media type, else its own declaration.
 * Nothing outside it is read, and entities are the five of XML and characters by number: a document type that declares
 * any is refused.
 *
 * @returns the root element; comments and the document type are left out.
 * @throws ContentError XML_INVALID, CHARSET_UNSUPPORTED, CHARSET_VIOLATED, CONTENT_LIMIT for more than 256 elements within
 *   one another.
 * @see RFC 7303 section 3, XML 1.0
 */
export async function readXml(
  bytes: Uint8Array,
  contentType: string | undefined,
  facts: ContentFacts = {},
): Promise<XmlElement> {
  const { parseXml, XmlError } = await import("@rgrove/parse-xml");
  const text = decodeAs(xmlEncoding(bytes, contentType), bytes, facts);
  const known: ContentErrorFacts = { ...facts, bytes };
  switch (xmlShape(text, DEPTH_LIMIT)) {
    case "deep":
      throw new ContentError("CONTENT_LIMIT", {
        ...known,
        detail: `more than ${String(DEPTH_LIMIT)} levels of elements`,
      });
    case "declares":
      throw new ContentError("XML_INVALID", { ...known, detail: "its document type has declarations" });
    case "acceptable":
  }
  try {
    const { root } = parseXml(text);
    if (root !== null) return root;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    // What it says quotes the document.
    const detail = `line ${String(error.line)}, column ${String(error.column)}`;
    throw new ContentError("XML_INVALID", { ...known, detail });
  }
  throw new ContentError("XML_INVALID", { ...known, detail: "there is no element" });
}
