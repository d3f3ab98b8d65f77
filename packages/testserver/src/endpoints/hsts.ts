import { type Endpoint, endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

/** What RFC 6797 says about a header: it is taken, or the whole of it is void. */
interface HstsCase {
  readonly name: string;
  readonly line: string;
  readonly fields: readonly string[];
}

/** Header fields that section 6.1 of RFC 6797 allows; clients must take them over TLS. */
const goodCases: readonly HstsCase[] = [
  { name: "year", line: "a year", fields: ["max-age=31536000"] },
  { name: "subdomains", line: "a year with all subdomains", fields: ["max-age=31536000; includeSubDomains"] },
  { name: "forget", line: "max-age 0, which removes the host", fields: ["max-age=0"] },
  { name: "quoted", line: "a quoted max-age", fields: ['max-age="31536000"'] },
  { name: "case", line: "names in mixed case", fields: ["MAX-AGE=31536000; IncludeSubdomains"] },
  { name: "spaces", line: "blanks and empty directives", fields: ["  max-age = 31536000 ;; includeSubDomains ;"] },
  { name: "unknown", line: "directives nobody knows", fields: ['max-age=31536000; preload; future="a;b=c"'] },
  { name: "overflow", line: "a max-age beyond any integer", fields: [`max-age=${"9".repeat(40)}`] },
  { name: "two-fields", line: "two fields, of which the first counts", fields: ["max-age=31536000", "max-age=0"] },
];

/** Header fields that are void as a whole. */
const badCases: readonly HstsCase[] = [
  { name: "no-max-age", line: "no max-age", fields: ["includeSubDomains"] },
  { name: "empty", line: "an empty value", fields: [""] },
  { name: "not-a-number", line: "a max-age in words", fields: ["max-age=forever"] },
  { name: "negative", line: "a negative max-age", fields: ["max-age=-1"] },
  { name: "no-value", line: "a max-age without value", fields: ["max-age"] },
  { name: "twice", line: "max-age twice", fields: ["max-age=31536000; max-age=31536000"] },
  { name: "valued-flag", line: "includeSubDomains with a value", fields: ["max-age=31536000; includeSubDomains=x"] },
  { name: "flag-twice", line: "a flag twice", fields: ["max-age=31536000; includeSubDomains; includeSubDomains"] },
  { name: "open-quote", line: "a quote that never ends", fields: ['max-age="31536000'] },
  { name: "comma", line: "a comma for a semicolon", fields: ["max-age=31536000, includeSubDomains"] },
  { name: "first-bad", line: "two fields, of which the first is void", fields: ["includeSubDomains", "max-age=1"] },
];

/** Endpoints that send Strict-Transport-Security. Clients must ignore all of them on plain http. */
export const hstsFamily: EndpointFamily = endpointFamily(
  "hsts",
  "send Strict-Transport-Security, right and wrong (RFC 6797); void over http, whatever it says",
  [
    {
      path: "/hsts?value=VALUE",
      does: "sends one Strict-Transport-Security field for each value given; max-age=31536000 when none is",
      example: "/hsts?value=max-age%3D60",
      handle: (exchange) => {
        const values = exchange.texts("value");
        sendFields(exchange, values.length === 0 ? ["max-age=31536000"] : values);
      },
    },
    ...goodCases.map((test) => endpointFor("good", test)),
    ...badCases.map((test) => endpointFor("bad", test)),
  ],
);

function endpointFor(verdict: "good" | "bad", { name, line, fields }: HstsCase): Endpoint {
  const path = `/hsts/${verdict}/${name}`;
  const does = `sends Strict-Transport-Security that ${verdict === "good" ? "counts" : "is void"}: ${line}`;
  return {
    path,
    does,
    example: path,
    handle: (exchange) => sendFields(exchange, fields),
  };
}

function sendFields(exchange: Exchange, values: readonly string[]): void {
  exchange.sendLine(200, "strict-transport-security sent", { "strict-transport-security": values });
}
