import { modeFields } from "../cache/mode-fields.ts";
import type { Target } from "../target.ts";
import type { FetchArguments } from "./fetch-arguments.ts";

/** What fetch says of itself where the application says nothing. */
const USER_AGENT = "fairlead";

/** Codings that are asked for where nobody on the way can take offence. */
const SECURE_CODINGS = "br, gzip, deflate, zstd";
const PLAIN_CODINGS = "gzip, deflate";

const DEFAULT_FIELDS: readonly string[] = [
  ...["accept", "*/*"],
  ...["accept-language", "*"],
  ...["sec-fetch-mode", "cors"],
  ...["user-agent", USER_AGENT],
];
const SECURE_DEFAULT_FIELDS = [...DEFAULT_FIELDS, "accept-encoding", SECURE_CODINGS];
const PLAIN_DEFAULT_FIELDS = [...DEFAULT_FIELDS, "accept-encoding", PLAIN_CODINGS];

const CONDITIONS = ["if-modified-since", "if-none-match", "if-unmodified-since", "if-match", "if-range"];

/** The codings that fetch asks for, of an origin that it speaks to over TLS, or not. */
export function acceptedCodings({ secure }: Target): string {
  return secure ? SECURE_CODINGS : PLAIN_CODINGS;
}

/**
 * The fields of a request, in lower case: the application's own, and what the standard adds to them.
 *
 * @see Fetch Standard section 4.6, "HTTP-network-or-cache fetch", steps 8.4 to 8.20
 */
export function composeFields(asked: FetchArguments, target: Target, referer: string | undefined): readonly string[] {
  const { headers, content, method, mode, cache } = asked;
  if (headers === undefined && content === undefined && method === "GET" && isUsual(asked) && referer === undefined) {
    return target.secure ? SECURE_DEFAULT_FIELDS : PLAIN_DEFAULT_FIELDS;
  }
  const all = headers ?? new Headers();
  const fields: string[] = [];
  for (const [name, value] of all) {
    // The name of the host is the URL's, and the mode is what was asked for.
    if (name !== "host" && name !== "sec-fetch-mode") fields.push(name, value);
  }
  const add = (name: string, value: string): void => {
    if (!all.has(name)) fields.push(name, value);
  };
  if (content?.type !== undefined) add("content-type", content.type);
  if (content?.sizeBytes !== undefined) add("content-length", String(content.sizeBytes));
  add("accept", "*/*");
  add("accept-language", "*");
  if (content === undefined && (method === "POST" || method === "PUT")) add("content-length", "0");
  if (referer !== undefined) fields.push("referer", referer);
  fields.push("sec-fetch-mode", mode);
  add("user-agent", USER_AGENT);
  for (const [name, value] of modeFields(cache)) add(name, value);
  add("accept-encoding", all.has("range") ? "identity" : acceptedCodings(target));
  return fields;
}

/** The cache mode that holds: an application that asks conditionally has a cache of its own. */
export function effectiveCacheMode(cache: Request["cache"], headers: Headers | undefined): Request["cache"] {
  return cache === "default" && headers !== undefined && CONDITIONS.some((name) => headers.has(name))
    ? "no-store"
    : cache;
}

function isUsual({ mode, cache }: FetchArguments): boolean {
  return mode === "cors" && cache === "default";
}
