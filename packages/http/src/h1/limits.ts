/** What a peer may fill: more of it is refused. */
export interface Http1Limits {
  /** Bytes of a head, from its first to the end of its empty line. */
  readonly headBytes: number;
  /** Fields of a head, or of a trailer section. */
  readonly fields: number;
  /** Bytes of a trailer section. */
  readonly trailerBytes: number;
  /** Bytes of all chunk extensions of a body: they cost the sender nothing, and say nothing to us. */
  readonly chunkExtensionBytes: number;
}

/** The limits where none are named. */
export const DEFAULT_HTTP1_LIMITS: Http1Limits = {
  headBytes: 65_536,
  fields: 1_000,
  trailerBytes: 16_384,
  chunkExtensionBytes: 16_384,
};
