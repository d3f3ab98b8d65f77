import { createHash } from "node:crypto";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange, HeaderFields } from "./exchange.ts";
import { patternBytes } from "./payloads.ts";
import { BadRequest } from "./bad-request.ts";
import { endSoon } from "./raw-reply.ts";

const largestFileBytes = 1_073_741_824;
const chunkBytes = 65_536;
/** What a version's pattern is ahead of that of the version before. */
const versionStride = 7;

/** How an answer to a range may be wrong. */
const lies = {
  first: "the part begins a byte later than it says",
  "another-range": "Content-Range names another range than the one asked for",
  total: "Content-Range names another length of the whole than before",
  longer: "the part is longer than its range, in chunks",
  shorter: "the part is shorter than its range, in chunks",
  multipart: "the part is wrapped in multipart/byteranges",
  coding: "the part says that it is coded",
  "no-content-range": "the part does not say which it is",
  "other-version": "If-Range is not looked at, and the part is of the next version",
  "no-end": "Content-Range does not say how long the whole is",
  none: "nothing is wrong",
} as const;
type Lie = keyof typeof lies;

/** A file that is served by parts, and the ways in which that goes wrong. */
export const fileFamily: EndpointFamily = endpointFamily(
  "files",
  "serve a file by ranges (RFC 9110 section 14), which may be cut, changed or wrong",
  [
    {
      path: "/file/:size?version=0&validator=etag&cut=AT&changes=AT&ranges=yes&lie=none&digest=no&every=0",
      does: "answers with a file of this size, or a range of it; version, cuts, changes and lies as the query says",
      example: "/file/1000?cut=500",
      handle: serveFile,
    },
  ],
);

interface Part {
  readonly first: number;
  readonly last: number;
}

/**
 * A version's byte `i` is `(i + 7 * version) % 251`. `cut` closes the connection before that byte, whoever gets there;
 * with `changes`, requests for a range from there on find the next version.
 */
async function serveFile(exchange: Exchange): Promise<void> {
  const size = exchange.integer("size", { min: 0, max: largestFileBytes });
  const lie = lieOf(exchange);
  const asked = exchange.text("ranges", "yes") === "yes" ? rangeOf(exchange, size) : undefined;
  const named = exchange.integer("version", { min: 0, max: 1000, otherwise: 0 });
  const changes = exchange.integer("changes", { min: 0, max: size, otherwise: size });
  const version = asked !== undefined && asked !== "unsatisfiable" && asked.first >= changes ? named + 1 : named;
  const validator = validatorFields(exchange.text("validator", "etag"), version);
  const isSame = ifRangeHolds(exchange, validator);
  if (asked === "unsatisfiable" && isSame) {
    exchange.send(416, { "content-range": `bytes */${size}`, ...validator });
  } else if (asked === undefined || asked === "unsatisfiable" || !(isSame || lie === "other-version")) {
    await sendBytes(exchange, 200, { ...validator, ...digestFields(exchange, size, version) }, version, {
      first: 0,
      last: size - 1,
    });
  } else {
    await sendPart(exchange, asked, size, lie === "other-version" ? version + 1 : version, lie);
  }
}

async function sendPart(exchange: Exchange, part: Part, size: number, version: number, lie: Lie): Promise<void> {
  const validator = validatorFields(exchange.text("validator", "etag"), version);
  const total = lie === "total" ? size + 1 : lie === "no-end" ? "*" : size;
  const said = lie === "another-range" ? { first: part.first + 1, last: part.last } : part;
  const fields: HeaderFields = {
    ...validator,
    ...digestFields(exchange, size, version),
    ...(lie === "multipart" && { "content-type": "multipart/byteranges; boundary=part" }),
    ...(lie === "coding" && { "content-encoding": "gzip" }),
    ...(lie !== "no-content-range" && { "content-range": `bytes ${said.first}-${said.last}/${total}` }),
  };
  const sent = lie === "first" ? { first: said.first + 1, last: said.last + 1 } : said;
  const ahead = { longer: 10, shorter: -10 }[lie as string] ?? 0;
  await sendBytes(exchange, 206, fields, version, { first: sent.first, last: sent.last + ahead }, ahead !== 0);
}

/** Sends bytes of a version, up to the cut that lies before the last of them. */
async function sendBytes(
  exchange: Exchange,
  status: number,
  fields: HeaderFields,
  version: number,
  { first, last }: Part,
  isChunked = false,
): Promise<void> {
  const { response } = exchange;
  const length = last - first + 1;
  const all = { "content-type": "application/octet-stream", "accept-ranges": "bytes", ...fields };
  response.writeHead(status, isChunked ? all : { ...all, "content-length": length });
  const cut = exchange
    .texts("cut")
    .map(Number)
    .filter((at) => at > first && at <= last)
    .sort((left, right) => left - right)[0];
  const every = exchange.milliseconds("every", 0);
  const end = cut ?? last + 1;
  for (let at = first; at < end; at += chunkBytes) {
    if (every > 0) await exchange.pause(every);
    const flowing = response.write(patternBytes(Math.min(chunkBytes, end - at), at + version * versionStride));
    if (!flowing) await exchange.drained();
  }
  if (cut === undefined) response.end();
  // What was written is on its way first: the client has all bytes before the cut.
  else endSoon(exchange.request.socket);
}

function rangeOf({ request }: Exchange, size: number): Part | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (first === undefined || last === undefined) return undefined;
  if (Number(first) >= size) return "unsatisfiable";
  return { first: Number(first), last: last === "" ? size - 1 : Math.min(Number(last), size - 1) };
}

/** RFC 9110 section 13.1.5. */
function ifRangeHolds({ request }: Exchange, validator: HeaderFields): boolean {
  const wanted = request.headers["if-range"];
  return wanted === undefined || wanted === validator["etag"] || wanted === validator["last-modified"];
}

const firstVersionAt = Date.UTC(2026, 0, 1);

function validatorFields(kind: string, version: number): HeaderFields {
  switch (kind) {
    case "etag":
      return { etag: `"v${version}"` };
    case "weak":
      return { etag: `W/"v${version}"` };
    case "date":
      return { "last-modified": new Date(firstVersionAt + version * 60_000).toUTCString() };
    case "none":
      return {};
    default:
      throw new BadRequest('the parameter "validator" is one of etag, weak, date, none');
  }
}

function lieOf(exchange: Exchange): Lie {
  const name = exchange.text("lie", "none");
  if (name in lies) return name as Lie;
  throw new BadRequest(`the parameter "lie" is one of ${Object.keys(lies).join(", ")}`);
}

/** `Repr-Digest`, right or wrong. RFC 9530 section 3. */
function digestFields(exchange: Exchange, size: number, version: number): HeaderFields {
  const kind = exchange.text("digest", "no");
  if (kind === "no") return {};
  const bytes = patternBytes(size, version * versionStride);
  if (kind === "wrong") bytes[0] = (bytes[0] ?? 0) ^ 1;
  return { "repr-digest": `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:` };
}
