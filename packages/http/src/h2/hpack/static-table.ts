/** Names and values in turn, from index 1. RFC 7541 appendix A. */
// biome-ignore format: an entry a pair
const ENTRIES: readonly string[] = [
  ":authority", "", ":method", "GET", ":method", "POST", ":path", "/", ":path", "/index.html", ":scheme", "http",
  ":scheme", "https", ":status", "200", ":status", "204", ":status", "206", ":status", "304", ":status", "400",
  ":status", "404", ":status", "500", "accept-charset", "", "accept-encoding", "gzip, deflate", "accept-language", "",
  "accept-ranges", "", "accept", "", "access-control-allow-origin", "", "age", "", "allow", "", "authorization", "",
  "cache-control", "", "content-disposition", "", "content-encoding", "", "content-language", "", "content-length", "",
  "content-location", "", "content-range", "", "content-type", "", "cookie", "", "date", "", "etag", "", "expect", "",
  "expires", "", "from", "", "host", "", "if-match", "", "if-modified-since", "", "if-none-match", "", "if-range", "",
  "if-unmodified-since", "", "last-modified", "", "link", "", "location", "", "max-forwards", "",
  "proxy-authenticate", "", "proxy-authorization", "", "range", "", "referer", "", "refresh", "", "retry-after", "",
  "server", "", "set-cookie", "", "strict-transport-security", "", "transfer-encoding", "", "user-agent", "", "vary", "",
  "via", "", "www-authenticate", "",
];

/** A field that a table holds. */
export interface TableEntry {
  readonly name: string;
  readonly value: string;
}

/** Octets that an entry counts for beside its name and value. RFC 7541 section 4.1. */
export const ENTRY_OVERHEAD = 32;

/** The entries of the static table; that of index 1 is the first. */
export const STATIC_TABLE: readonly TableEntry[] = ENTRIES.flatMap((name, index) =>
  index % 2 === 0 ? [{ name, value: ENTRIES[index + 1] ?? "" }] : [],
);
