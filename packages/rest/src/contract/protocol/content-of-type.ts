import { parseMediaType } from "@fairlead/http/negotiation";

/**
 * What of a contract's content has come: the first whose media type it is. A contract may have ranges (`image/*`), a
 * message may not.
 */
export function contentOfType<Offered extends { readonly mediaType: string }>(
  contents: readonly Offered[],
  contentType: string,
): Offered | undefined {
  const same = contents.find(({ mediaType }) => mediaType === contentType);
  if (same !== undefined && !contentType.includes("*")) return same;
  const type = parseMediaType(contentType)?.type;
  if (type === undefined || type.includes("*")) return undefined;
  return contents.find(({ mediaType }) => isOfType(type, parseMediaType(mediaType)?.type ?? mediaType));
}

function isOfType(type: string, range: string): boolean {
  if (range === type || range === "*/*") return true;
  return range.endsWith("/*") && type.startsWith(range.slice(0, -1));
}
