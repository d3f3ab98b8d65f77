/** How both sides compress, as agreed. RFC 7692 section 7.1. */
export interface DeflateParameters {
  /** The server compresses each message by itself. */
  readonly serverNoContextTakeover: boolean;
  /** The client compresses each message by itself. */
  readonly clientNoContextTakeover: boolean;
  /** Base-2 logarithm of how far the server's compressor looks back: 8 to 15. */
  readonly serverMaxWindowBits: number;
  /** Base-2 logarithm of how far the client's compressor looks back: 8 to 15. */
  readonly clientMaxWindowBits: number;
}
