import fc from "fast-check";

const oneOf = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...characters.split(""));

const name = fc.string({ unit: oneOf("abcXYZ09-_!#~"), minLength: 1, maxLength: 8 }).map((text) => `x${text}`);
const value = fc
  .string({ unit: oneOf('ab \t:;,"\xe9\xff~'), maxLength: 12 })
  .map((text) => text.replace(/^[\t ]+|[\t ]+$/g, ""));
const body = fc.string({ unit: oneOf("ab\r\n\0:05 \xff"), maxLength: 40 });

export interface ValidResponse {
  readonly bytes: string;
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

/** Responses as they ought to be, in every framing. */
export const validResponse: fc.Arbitrary<ValidResponse> = fc
  .record({
    interim: fc.nat({ max: 2 }),
    status: fc.constantFrom(200, 201, 302, 404, 500, 999),
    reason: fc.constantFrom("", "OK", "Not\tFound \xe9"),
    fields: fc.array(fc.tuple(name, value), { maxLength: 5 }),
    framing: fc.constantFrom("length", "chunked", "close"),
    body,
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
    trailers: fc.option(fc.tuple(name, value), { nil: undefined }),
  })
  .map(({ interim, status, reason, fields, framing, body: text, sizes, trailers }) => {
    const lines = fields.map(([fieldName, fieldValue]) => `${fieldName}: ${fieldValue}\r\n`).join("");
    const head = `${"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(interim)}HTTP/1.1 ${String(status)} ${reason}\r\n${lines}`;
    const trailerLines = framing !== "chunked" ? [] : (trailers ?? []);
    return {
      bytes: head + framed(framing, text, sizes, trailerLines),
      status,
      reason,
      fields: fields.flat(),
      body: text,
      trailers: trailerLines,
    };
  });

function framed(framing: string, text: string, sizes: readonly number[], trailers: readonly string[]): string {
  if (framing === "close") return `\r\n${text}`;
  if (framing === "length") return `Content-Length: ${String(text.length)}\r\n\r\n${text}`;
  let chunks = "";
  let rest = text;
  for (const size of [...sizes, Number.POSITIVE_INFINITY]) {
    const chunk = rest.slice(0, size);
    if (chunk !== "") chunks += `${chunk.length.toString(16)};x=y\r\n${chunk}\r\n`;
    rest = rest.slice(chunk.length);
  }
  const [trailerName, trailerValue = ""] = trailers;
  const section = trailerName === undefined ? "" : `${trailerName}: ${trailerValue}\r\n`;
  return `Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n${section}\r\n`;
}

/** What attacks on parsers are made of. */
const TOKENS = [
  ...[
    "\r\n",
    "\n",
    "\r",
    "\0",
    ":",
    " ",
    "\t",
    "0",
    "5",
    "-",
    "ffffffffffffffff",
    "\x7f",
    "\xff",
    "HTTP/1.0",
    "\r\n\r\n",
  ],
  ...["Content-Length: 3\r\n", "Content-Length: 3, 3\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n"],
  ...["X : y\r\n", " folded\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 204 x\r\n\r\n", "0\r\n\r\n", "__proto__: x\r\n"],
];

/** Responses with a few changes: pieces put in, left out or doubled. */
export const mutatedResponse: fc.Arbitrary<string> = fc
  .tuple(validResponse, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 4 }), fc.constantFrom(...TOKENS)), { maxLength: 3 }))
  .map(([{ bytes }, changes]) =>
    changes.reduce((text, [position, length, token]) => {
      const at = position % (text.length + 1);
      const doubled = length === 4 ? text.slice(at, at + 6) : "";
      return text.slice(0, at) + doubled + token + text.slice(at + (length % 4));
    }, bytes),
  );
