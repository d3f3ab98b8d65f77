import { type Endpoint, endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";
import { rawHead } from "./raw-reply.ts";

/** A redirect with one peculiar Location, or several, or none. */
interface LocationCase {
  readonly name: string;
  readonly line: string;
  /** Fields as bytes, one character each. */
  readonly locations: (url: URL) => readonly string[];
}

/** What `node:http` writes as it is. */
const cases: readonly LocationCase[] = [
  { name: "missing", line: "no Location", locations: () => [] },
  { name: "empty", line: "an empty Location, which is a reference to the same URL", locations: () => [""] },
  { name: "unparsable", line: "a Location that is no URL", locations: () => ["http://[::1/echo"] },
  { name: "no-host", line: "a Location without a host", locations: () => ["http://"] },
  { name: "bad-port", line: "a Location with a port beyond 65535", locations: () => ["http://localhost:65536/"] },
  { name: "relative", line: "a Location relative to this path", locations: () => ["../echo?from=relative"] },
  { name: "query-only", line: "a Location of only a query", locations: () => ["?code=200"] },
  {
    name: "scheme-relative",
    line: "a Location that leaves out the scheme",
    locations: ({ host }) => [`//${host}/echo`],
  },
  { name: "fragment", line: "a Location with a fragment", locations: () => ["/echo#part"] },
  { name: "user-info", line: "a Location with user name and password", locations: withUser },
  { name: "javascript", line: "a Location of scheme javascript:", locations: () => ["javascript:alert(1)"] },
  { name: "data", line: "a Location of scheme data:", locations: () => ["data:text/plain,hello"] },
  { name: "file", line: "a Location of scheme file:", locations: () => ["file:///etc/hostname"] },
  { name: "ftp", line: "a Location of scheme ftp:", locations: () => ["ftp://localhost/echo"] },
  { name: "upper-case", line: "a Location whose scheme and host are in upper case", locations: inUpperCase },
  { name: "backslash", line: "a Location with backslashes for slashes", locations: () => ["\\echo?from=backslash"] },
  { name: "space", line: "a Location with a space inside", locations: () => ["/echo?from=a b"] },
  {
    name: "utf8",
    line: "a Location with bytes of UTF-8 that are not percent-encoded",
    locations: () => ["/echo?from=\xc3\xa9"],
  },
  { name: "latin1", line: "a Location with a byte of Latin-1", locations: () => ["/echo?e=\xe9"] },
  { name: "two", line: "two Locations that differ", locations: () => ["/echo?from=first", "/echo?from=second"] },
];

/** What has to be written by hand. */
const rawCases: readonly LocationCase[] = [
  { name: "nul", line: "a Location with a NUL inside", locations: () => ["/echo?from=a\0b"] },
  { name: "control", line: "a Location with control characters inside", locations: () => ["/echo?from=a\x01\x1fb"] },
  { name: "cr", line: "a Location with a CR inside", locations: () => ["/echo?from=a\rSet-Cookie: injected=1"] },
];

/** Redirects whose Location is missing, broken or unusual. */
export const locationFamily: EndpointFamily = endpointFamily(
  "locations",
  "redirect with a Location that is missing, broken or unusual",
  [
    ...cases.map((test) =>
      locationEndpoint(test, (exchange, code, locations) => {
        exchange.sendLine(code, test.line, locations.length === 0 ? {} : { location: locations });
      }),
    ),
    ...rawCases.map((test) =>
      locationEndpoint(test, async (exchange, code, locations) => {
        const reply = exchange.takeConnection();
        const fields = locations.map((location) => `Location: ${location}`);
        await reply.write(rawHead(`${code} Redirect`, ...fields, "Content-Length: 0"));
        reply.end();
      }),
    ),
  ],
);

type Answer = (exchange: Exchange, code: number, locations: readonly string[]) => void | Promise<void>;

function locationEndpoint({ name, line, locations }: LocationCase, answer: Answer): Endpoint {
  return {
    path: `/location/${name}?code=302`,
    does: `redirects with ${line}`,
    example: `/location/${name}`,
    handle: (exchange) => {
      const code = exchange.integer("code", { min: 200, max: 399, otherwise: 302 });
      return answer(exchange, code, locations(exchange.url));
    },
  };
}

function withUser({ protocol, host }: URL): readonly string[] {
  return [`${protocol}//user:secret@${host}/echo`];
}

function inUpperCase({ protocol, host }: URL): readonly string[] {
  return [`${protocol}//${host}`.toUpperCase() + "/echo"];
}
