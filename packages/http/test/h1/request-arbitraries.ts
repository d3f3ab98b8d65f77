import fc from "fast-check";

const oneOf = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...characters.split(""));

const name = fc.string({ unit: oneOf("abcXYZ09-_!#~"), minLength: 1, maxLength: 8 }).map((text) => `x${text}`);
const value = fc
  .string({ unit: oneOf('ab \t:;,"\xe9\xff~'), maxLength: 12 })
  .map((text) => text.replace(/^[\t ]+|[\t ]+$/g, ""));
const path = fc.string({ unit: oneOf("ab/?%2e.&=*"), maxLength: 12 }).map((text) => `/${text}`);
const body = fc.string({ unit: oneOf("ab\r\n\0:05 GET\xff"), maxLength: 40 });

/** A request as it ought to be, and what it says. */
export interface ValidRequest {
  readonly bytes: string;
  readonly method: string;
  readonly path: string;
  readonly fields: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

const validRequest: fc.Arbitrary<ValidRequest> = fc
  .record({
    method: fc.constantFrom("GET", "POST", "PUT", "OPTIONS", "DELETE"),
    path,
    fields: fc.array(fc.tuple(name, value), { maxLength: 4 }),
    framing: fc.constantFrom("none", "length", "chunked"),
    body,
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
    trailers: fc.option(fc.tuple(name, value), { nil: undefined }),
  })
  .map(({ method, path: target, fields, framing, body: text, sizes, trailers }) => {
    const lines = fields.map(([fieldName, fieldValue]) => `${fieldName}: ${fieldValue}\r\n`).join("");
    const [framingField, framed] = frame(framing, text, sizes, trailers);
    const framingLine = framingField.length === 0 ? "" : `${framingField.join(": ")}\r\n`;
    return {
      bytes: `${method} ${target} HTTP/1.1\r\nHost: a.example\r\n${lines}${framingLine}\r\n${framed}`,
      method,
      path: target,
      fields: ["Host", "a.example", ...fields.flat(), ...framingField].map((each, index) =>
        index % 2 === 0 ? each.toLowerCase() : each,
      ),
      body: framing === "none" ? "" : text,
      trailers: framing === "chunked" ? (trailers ?? []).map((each, at) => (at === 0 ? each.toLowerCase() : each)) : [],
    };
  });

/** Requests of one connection, one after another. */
export const validRequests: fc.Arbitrary<readonly ValidRequest[]> = fc.array(validRequest, {
  minLength: 1,
  maxLength: 3,
});

/** What people have smuggled requests with, and what comes near it. */
const insertion = fc.constantFrom(
  ..."\r|\n|\r\n|\0| |\t|:|;|,|\x0b|\xa0|0|1|a|G|\r\n\r\n|Content-Length: 3\r\n|content-length:0\r\n".split("|"),
  ..."Transfer-Encoding: chunked\r\n|Transfer-Encoding : chunked\r\n|Transfer-Encoding: xchunked\r\n".split("|"),
  ..."Transfer-Encoding:\tchunked\r\n| Transfer-Encoding: chunked\r\n|X: y\r\n |chunked|, identity|identity, ".split(
    "|",
  ),
  ..."Host: b.example\r\n|Connection: close\r\n|Expect: 100-continue\r\n|0\r\n\r\n|3\r\nabc\r\n|GET /b HTTP/1.1\r\n".split(
    "|",
  ),
);

/** Valid requests in a row, some octets of which are left out, doubled, or have something put between them. */
export const mutatedRequests: fc.Arbitrary<string> = fc
  .tuple(
    validRequests,
    fc.array(
      fc.record({ at: fc.nat({ max: 400 }), taken: fc.nat({ max: 3 }), put: fc.option(insertion, { nil: "" }) }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([requests, changes]) => {
    let text = requests.map(({ bytes }) => bytes).join("");
    for (const { at, taken, put } of changes) {
      const start = at % (text.length + 1);
      text = text.slice(0, start) + put + text.slice(start + taken);
    }
    return text;
  });

function frame(
  framing: string,
  text: string,
  sizes: readonly number[],
  trailers: readonly string[] | undefined,
): [field: readonly string[], bytes: string] {
  if (framing === "none") return [[], ""];
  if (framing === "length") return [["Content-Length", String(text.length)], text];
  let chunks = "";
  let rest = text;
  for (const size of [...sizes, 1_000]) {
    const chunk = rest.slice(0, size);
    rest = rest.slice(size);
    if (chunk !== "") chunks += `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
  }
  const trailerLine = trailers === undefined ? "" : `${trailers.join(": ")}\r\n`;
  return [["Transfer-Encoding", "chunked"], `${chunks}0\r\n${trailerLine}\r\n`];
}
