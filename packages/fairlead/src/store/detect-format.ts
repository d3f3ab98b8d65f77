import type { ExchangeFormat } from "@fairlead/access/memory";

/** What is looked at: comments of other programs are longer than nothing, but not much. */
const HEAD_OCTETS = 64 * 1024;

/** Tells the format of a file by how it begins; `undefined` where nobody could tell. */
export function detectFormat(bytes: Uint8Array): ExchangeFormat | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD_OCTETS))
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "");
  if (/^\s*\{/.test(head)) return "json";
  // What programs write in the first line: curl, Python and exporters of browsers; wget leaves out the name.
  if (/^# (?:Netscape )?HTTP Cookie File/.test(head)) return "netscape-cookies";
  for (const line of head.split(/\r?\n/)) {
    if (/^(?:#HttpOnly_)?[^\t#]+\t(?:TRUE|FALSE)\t\/[^\t]*\t(?:TRUE|FALSE)\t/i.test(line)) return "netscape-cookies";
    if (/^[\t ]*\.?[^\s"#]+[\t ]+"(?:unlimited|\d{8} [\d:]{8})"/.test(line)) return "curl-hsts";
  }
  return undefined;
}
