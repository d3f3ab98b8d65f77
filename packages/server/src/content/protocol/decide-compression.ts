import { matchesStrongly, matchesWeakly, parseEntityTags, weakTag } from "@fairlead/http/conditional";
import { chooseCoding } from "@fairlead/http/negotiation";

/** What a response says of itself, before it is compressed. */
export interface CompressionFacts {
  readonly status: number;
  /** A field of the response, its lines joined by commas. */
  readonly field: (name: string) => string | undefined;
  /** Octets of its content, where that is known. */
  readonly length: number | undefined;
  /** Whether content of its type is to be compressed. */
  readonly isCompressible: (type: string) => boolean;
}

/** What becomes of a response. */
export type CompressionDecision =
  /** It is what it is, for everybody. */
  | { readonly type: "leave" }
  /** It is not compressed for this client, and would be for another: caches have to know. */
  | { readonly type: "vary" }
  | { readonly type: "compress"; readonly coding: string };

/** Fields that speak of the bytes as they are. RFC 9530 */
const DIGESTS = ["repr-digest", "content-digest", "digest", "content-md5"];

/**
 * Decides whether a response is compressed: only a whole one, whose bytes nobody has spoken for, neither by a coding, a
 * digest, a range nor `no-transform`.
 *
 * @param offered codings, the best first.
 * @param minimumBytes content that is known to be less is not worth it.
 * @see RFC 9110 sections 7.7, 8.4 and 12.5.3, RFC 9111 section 5.2.2.6
 */
export function decideCompression(
  { status, field, length, isCompressible }: CompressionFacts,
  acceptEncoding: string | undefined,
  offered: readonly string[],
  minimumBytes: number,
): CompressionDecision {
  const hasContent = status >= 200 && ![204, 205, 206, 304].includes(status) && field("content-range") === undefined;
  const isFree =
    (field("content-encoding") ?? "identity").trim().toLowerCase() === "identity" &&
    !/(?:^|[,\s])no-transform(?:$|[,\s=])/i.test(field("cache-control") ?? "") &&
    DIGESTS.every((name) => field(name) === undefined);
  if (!hasContent || !isFree || !isCompressible(field("content-type") ?? "")) return { type: "leave" };
  if (length !== undefined && length < minimumBytes) return { type: "leave" };
  const coding = chooseCoding(acceptEncoding, offered);
  return coding === undefined || coding === "identity" ? { type: "vary" } : { type: "compress", coding };
}

/** `Vary` with `accept-encoding` among what it names. RFC 9110 section 12.5.5 */
export function varyByEncoding(vary: string | undefined): string {
  const names = (vary ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.some((name) => name === "*" || name.toLowerCase() === "accept-encoding")) return names.join(", ");
  return [...names, "accept-encoding"].join(", ");
}

/**
 * The entity tag of a 304: where the client has the compressed form, whose tag is weak, it is told of that one, and not of
 * the strong tag of the form that was never sent to it. RFC 9110 section 15.4.5
 */
export function notModifiedTag(etag: string, ifNoneMatch: string | undefined): string {
  const list = parseEntityTags(ifNoneMatch ?? "");
  if (list.type === "any" || list.tags.some((tag) => matchesStrongly(tag, etag))) return etag;
  return list.tags.some((tag) => matchesWeakly(tag, etag)) ? weakTag(etag) : etag;
}
