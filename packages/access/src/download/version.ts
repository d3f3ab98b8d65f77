import { parseDigests, type Digests } from "@fairlead/http/digest-fields";
import { strongValidator, type PartResponse, type StrongValidator } from "@fairlead/http/range";
import { createHash } from "node:crypto";
import type { ResponseFields } from "../dispatch.ts";
import type { Reply } from "../reply.ts";

/** One version of what is downloaded: bytes of two are never put together. */
export interface Version {
  /** SHA-256 of the URL that answered, without its query, in hexadecimal. */
  readonly source: string;
  /** `undefined` when nothing tells it from others, so that its rest cannot be asked for. */
  readonly validator: StrongValidator | undefined;
  /** Bytes of the whole; `undefined` when nobody knows. */
  readonly completeLength: number | undefined;
  /** Whether its bytes come in a coding that is undone. */
  readonly isCoded: boolean;
  /** `Repr-Digest`, as it came. */
  readonly reprDigest: string | undefined;
  /** What its server says that it is; empty when it is coded. */
  readonly digests: Digests;
}

/**
 * What the response is the whole, or a part, of.
 *
 * @param completeLength what `Content-Range` says, for a part.
 * @param now milliseconds since the epoch.
 */
export function versionOf(reply: Reply, completeLength: number | undefined, now: number): Version {
  const { headers, status } = reply;
  const isCoded = !/^(?:identity)?$/i.test(fieldText(headers, "content-encoding") ?? "");
  const length = status === 206 ? completeLength : contentLength(headers);
  const reprDigest = isCoded ? undefined : fieldText(headers, "repr-digest");
  const contentDigest = isCoded || status === 206 ? undefined : fieldText(headers, "content-digest");
  return {
    source: sourceOf(reply),
    validator: isCoded ? undefined : validatorOf(headers, now),
    completeLength: isCoded ? undefined : length,
    isCoded,
    reprDigest,
    // The content of a response that is the whole, in no coding, is the representation. RFC 9530 section 2.
    digests: new Map([...parseDigests(contentDigest), ...parseDigests(reprDigest)]),
  };
}

/** SHA-256 of the URL that answered, without its query, in hexadecimal. */
function sourceOf({ url }: Reply): string {
  const { protocol, host, pathname } = new URL(url);
  return urlDigest(`${protocol}//${host}${pathname}`);
}

/** SHA-256 of a URL, which may hold secrets, in hexadecimal. */
function urlDigest(url: string): string {
  return createHash("sha256").update(url).digest("hex");
}

/** Whether a part belongs to another version than the one that is being put together. */
export function isAnother(version: Version, part: Version): boolean {
  if (version.source !== part.source) return true;
  return version.reprDigest !== undefined && part.reprDigest !== undefined && version.reprDigest !== part.reprDigest;
}

/** SHA-256 of what a URL asks a server for, in hexadecimal. */
export function requestDigest({ protocol, host, pathname, search }: URL): string {
  return urlDigest(`${protocol}//${host}${pathname}${search}`);
}

/** What tells parts apart, of a response. */
export function partResponse({ status, headers }: Reply): PartResponse {
  return {
    status,
    contentRange: fieldText(headers, "content-range"),
    contentType: fieldText(headers, "content-type"),
    contentLength: fieldText(headers, "content-length"),
    contentEncoding: fieldText(headers, "content-encoding"),
    etag: fieldText(headers, "etag"),
    lastModified: fieldText(headers, "last-modified"),
  };
}

/** The value of a field, its lines joined. */
export function fieldText(headers: ResponseFields, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "object" ? value.join(", ") : value;
}

function validatorOf(headers: ResponseFields, now: number): StrongValidator | undefined {
  const [etag, lastModified, date] = ["etag", "last-modified", "date"].map((name) => fieldText(headers, name));
  return strongValidator({ etag, lastModified, date }, now);
}

function contentLength(headers: ResponseFields): number | undefined {
  const value = fieldText(headers, "content-length");
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
