/** What a client may fill: more of it is refused. */
export interface Http1RequestLimits {
  /** Bytes of a request target. */
  readonly targetBytes: number;
  /** Bytes of all field lines of a head, or of a trailer section. */
  readonly fieldsBytes: number;
  /** Fields of a head, or of a trailer section. */
  readonly fields: number;
  /** Bytes of the content. */
  readonly bodyBytes: number;
}

/** The limits where none are named. */
export const DEFAULT_HTTP1_REQUEST_LIMITS: Http1RequestLimits = {
  targetBytes: 8_192,
  fieldsBytes: 32_768,
  fields: 200,
  bodyBytes: 16 * 1_048_576,
};

/** Bytes of a method; the longest registered one has 17. A longer one is not implemented: RFC 9110 section 15.6.2. */
export const METHOD_BYTES = 32;
/** Bytes of a request line beside its method and target, without its end. */
export const REQUEST_LINE_REST_BYTES = "  HTTP/1.1".length;
/** Bytes of all chunk extensions of a body: they say nothing to us. */
export const CHUNK_EXTENSION_BYTES = 4_096;
/** Empty lines before a request, which some clients send behind the content of the one before. RFC 9112 section 2.2. */
export const EMPTY_LINES = 4;
