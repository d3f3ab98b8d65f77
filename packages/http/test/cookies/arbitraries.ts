/** Generators of what servers and attackers send. */
import fc from "fast-check";

/** `Set-Cookie` field values: anything at all, and things made of the pieces that mean something. */
export const setCookieFields: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc
    .array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.constantFrom(";", "; ", "=", ".", "/", ",", " ", "\t", '"', "-", "__Host-", "__secure-"),
        },
        { weight: 4, arbitrary: fc.constantFrom("a", "b", "sid", "example.com", "com", "10", "-1", "Lax", "none") },
        {
          weight: 4,
          arbitrary: fc.constantFrom("Secure", "HttpOnly", "Path=", "Domain=", "Max-Age=", "Expires=", "SameSite="),
        },
        { weight: 1, arbitrary: fc.constantFrom("\0", "\n", "\x7f", "\u00a0", "\u00ff", "\u0100") },
        { weight: 1, arbitrary: fc.constantFrom(1023, 1024, 1025, 4095, 4096, 4097).map((n) => "x".repeat(n)) },
        { weight: 1, arbitrary: fc.string() },
      ),
      { maxLength: 30 },
    )
    .map((pieces) => pieces.join("")),
);

/** Hosts that are related by name, by site, by suffix, or not at all. */
export const hosts: fc.Arbitrary<string> = fc.constantFrom(
  "example.com",
  "www.example.com",
  "a.b.example.com",
  "notexample.com",
  "example.org",
  "example.co.uk",
  "www.example.co.uk",
  "other.co.uk",
  "co.uk",
  "github.io",
  "alice.github.io",
  "bob.github.io",
  "amazonaws.com",
  "x.s3.amazonaws.com",
  "localhost",
  "a.localhost",
  "127.0.0.1",
  "1.127.0.0.1.example.com",
  "[::1]",
  "example.com.",
  "www.example.com.",
  "a_b.example.com",
);

export const paths: fc.Arbitrary<string> = fc.constantFrom("/", "/a", "/a/", "/a/b", "/ab", "/a/b/c", "//", "/a;b/c");

/** URLs of requests to these hosts, in the schemes that carry cookies. */
export function urlsOf(hosts: fc.Arbitrary<string>): fc.Arbitrary<URL> {
  return fc
    .tuple(fc.constantFrom("http", "https", "ws", "wss"), hosts, paths)
    .map(([scheme, host, path]) => new URL(`${scheme}://${host}${path}`));
}

/** URLs of requests to any host. */
export const urls: fc.Arbitrary<URL> = urlsOf(hosts);

/** Well-formed field values for these hosts, most of which are accepted somewhere. */
export function plausibleFieldsOf(hosts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .record({
      name: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom("a", "b", "c") },
        fc.constantFrom("__Host-a", "__secure-a", ""),
      ),
      value: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom("1", "2", "x=y", "a b") },
        fc.constantFrom("", "\u00e9", "__Host-a"),
      ),
      attributes: fc.array(
        fc.oneof(
          fc.constantFrom(
            "Secure",
            "Secure",
            "HttpOnly",
            "SameSite=None",
            "SameSite=Lax",
            "SameSite=Strict",
            "SameSite=?",
          ),
          fc.constantFrom("Max-Age=3600", "Max-Age=0", "Max-Age=99999999999", "Expires=Fri, 01 Jan 2100 00:00:00 GMT"),
          hosts.map((host) => `Domain=${host}`),
          paths.map((path) => `Path=${path}`),
        ),
        { maxLength: 5 },
      ),
    })
    .map(({ name, value, attributes }) => [`${name}=${value}`, ...attributes].join("; "));
}

/** Well-formed field values for any host. */
export const plausibleFields: fc.Arbitrary<string> = plausibleFieldsOf(hosts);
