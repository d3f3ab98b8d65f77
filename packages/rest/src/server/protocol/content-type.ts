/** A media type without its parameters, in lower case; `undefined` where the field says none. RFC 9110 section 8.3.1. */
export function mediaTypeOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined) return undefined;
  const end = contentType.indexOf(";");
  const type = (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
  return /^[!#$%&'*+.^`|~\w-]+\/[!#$%&'*+.^`|~\w-]+$/.test(type) ? type : undefined;
}

/**
 * What of a contract's content has come: the first whose media type it is. A contract may have ranges (`image/*`), a
 * message may not.
 */
export function contentOfType<Offered extends { readonly mediaType: string }>(
  contents: readonly Offered[],
  contentType: string | undefined,
): Offered | undefined {
  const type = mediaTypeOf(contentType);
  if (type === undefined || type.includes("*")) return undefined;
  return contents.find(({ mediaType }) => isOfType(type, mediaTypeOf(mediaType) ?? mediaType));
}

function isOfType(type: string, range: string): boolean {
  if (range === type || range === "*/*") return true;
  return range.endsWith("/*") && type.startsWith(range.slice(0, -1));
}
