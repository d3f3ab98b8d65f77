import type { XmlElement } from "@rgrove/parse-xml";
import type { StreamEvent } from "@fairlead/http/event-stream";
import type { LenientJson } from "../content/index.ts";
import type { OutputOf, Schema } from "../contract/schema.ts";

/** The forms in which the content of a response is read, each of them once. */
export interface ContentReader {
  /**
   * `undefined` where the status says that there is no content, 204 or 205.
   *
   * @throws ContentError JSON_INVALID, JSON_TOO_DEEP, JSON_MEMBER_DUPLICATED, CHARSET_VIOLATED, CONTENT_TYPE_UNEXPECTED
   */
  json(): Promise<unknown>;
  /** JSON that keeps to a schema. @throws ContentError CONTRACT_BROKEN, too, with what the schema found. */
  json<S extends Schema>(schema: S): Promise<OutputOf<S>>;
  /** JSON as people write it: comments, trailing commas, single quotes, NaN. */
  lenientJson(): Promise<LenientJson>;
  /** Text in the charset that the response names, UTF-8 by default. */
  text(): Promise<string>;
  bytes(): Promise<Uint8Array>;
  /** The root element. Nothing outside the content is read, and no entities but the five of XML are known. */
  xml(): Promise<XmlElement>;
  /** `application/x-www-form-urlencoded`. */
  form(): Promise<URLSearchParams>;
  /** The content as it comes. */
  stream(): Promise<ReadableStream<Uint8Array>>;
  /** Server-sent events, until the response ends. Leaving the loop ends the request. */
  events(): AsyncIterable<StreamEvent>;
  /** The items of a JSON array, at the root or under `path` (`"data.items"`), or of NDJSON, as they come. */
  items(options?: ItemsOptions): AsyncIterable<unknown>;
  items<S extends Schema>(options: ItemsOptions & { readonly schema: S }): AsyncIterable<OutputOf<S>>;
}

/** Where items are, and how large one may be. */
export interface ItemsOptions {
  /** Names from the root to the array, joined by dots; the root itself by default. */
  readonly path?: string;
  /** Octets that one item may have; 1 MiB by default. */
  readonly itemLimitBytes?: number;
}
