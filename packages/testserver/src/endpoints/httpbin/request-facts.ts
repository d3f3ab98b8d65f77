import { MultipartParser } from "@fairlead/http/multipart";
import { BadRequest } from "../bad-request.ts";
import type { Exchange } from "../exchange.ts";

/** One value where a name came once, a list where it came more often. */
type Values = Readonly<Record<string, string | readonly string[]>>;

/** What httpbin tells of a request, by the names that it has there. */
export interface RequestFacts {
  readonly args: Values;
  /** The body as text, or as a `data:` URL where it is none; empty where it was read as a form. */
  readonly data: string;
  readonly files: Values;
  readonly form: Values;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
  readonly method: string;
  readonly origin: string;
  readonly url: string;
}

/** Tells these of a request. @throws BadRequest where a form cannot be read. */
export function factsOf<Key extends keyof RequestFacts>(
  exchange: Exchange,
  ...keys: readonly Key[]
): Pick<RequestFacts, Key> {
  const content = contentOf(exchange);
  const all: RequestFacts = {
    args: valuesOf(exchange.url.searchParams),
    ...content,
    headers: headersOf(exchange),
    method: exchange.request.method ?? "",
    origin: originOf(exchange),
    url: urlOf(exchange),
  };
  // Just these keys are picked.
  return Object.fromEntries(keys.map((key) => [key, all[key]])) as Pick<RequestFacts, Key>;
}

/** Fields by the names that most people write, such as `User-Agent`; those that came more than once are joined. */
export function headersOf({ recorded }: Exchange): Readonly<Record<string, string>> {
  const names = Map.groupBy(recorded.rawHeaders, ([name]) => name.toLowerCase());
  return Object.fromEntries(
    [...names]
      .filter(([name]) => !name.startsWith(":"))
      .map(([name, fields]) => [titleCase(name), fields.map(([, value]) => value).join(",")] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

/** The client's address, or the one that a proxy says it had. */
export function originOf({ request }: Exchange): string {
  const forwarded = request.headers["x-forwarded-for"];
  return String(forwarded ?? request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}

function urlOf({ request, url }: Exchange): string {
  const { "x-forwarded-proto": proto, "x-forwarded-protocol": protocol, "x-forwarded-ssl": ssl } = request.headers;
  const scheme = proto ?? protocol ?? (ssl === "on" ? "https" : undefined);
  return scheme === undefined ? url.href : url.href.replace(/^[a-z]+/, String(scheme));
}

function contentOf(exchange: Exchange): Pick<RequestFacts, "data" | "files" | "form" | "json"> {
  const { body, request } = exchange;
  const type = request.headers["content-type"] ?? "";
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    return { data: "", files: {}, form: valuesOf(new URLSearchParams(Buffer.from(body).toString())), json: null };
  }
  const [, quoted, token] = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(type) ?? [];
  const boundary = quoted ?? token;
  if (boundary !== undefined) return { data: "", ...partsOf(body, boundary), json: null };
  return { data: textOf(body, "application/octet-stream"), files: {}, form: {}, json: jsonOf(body) };
}

function partsOf(body: Uint8Array, boundary: string): Pick<RequestFacts, "files" | "form"> {
  const files: [string, string][] = [];
  const form: [string, string][] = [];
  let pieces: Uint8Array[] = [];
  let finish = (): void => undefined;
  const parser = new MultipartParser(boundary, {}, { operation: "read a form" });
  try {
    for (const event of parser.read(body)) {
      if (event.type === "part") {
        const { name, fileName, contentType = "application/octet-stream" } = event.head;
        pieces = [];
        finish = () => {
          const content = textOf(Buffer.concat(pieces), contentType);
          (fileName === undefined ? form : files).push([name, content]);
        };
      } else if (event.type === "data") pieces.push(event.bytes.slice());
      else finish();
    }
    parser.end();
  } catch (error) {
    throw new BadRequest(`the form cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { files: valuesOf(files), form: valuesOf(form) };
}

/** Text where it is UTF-8, else a `data:` URL, RFC 2397. */
function textOf(bytes: Uint8Array, contentType: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `data:${contentType};base64,${Buffer.from(bytes).toString("base64")}`;
  }
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return null;
  }
}

function valuesOf(pairs: Iterable<readonly [string, string]>): Values {
  const all = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const known = all.get(name);
    if (known === undefined) all.set(name, [value]);
    else known.push(value);
  }
  return Object.fromEntries([...all].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]));
}

function titleCase(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
