/** Digests of a representation or a message's content, in fields. RFC 9530, with the structured fields of RFC 9651. */
export {
  digestAlgorithms,
  formatDigests,
  formatWantedDigests,
  parseDigests,
  parseDigestText,
  type DigestAlgorithm,
  type Digests,
} from "./digests.ts";
