/**
 * What a scheme means for the person who reads the URL.
 *
 * - `secure`: encrypted, and the server proved its name (https, wss). The only one that is quiet.
 * - `insecure`: anybody on the way can read and change it (http, ws, ftp).
 * - `file`: on this machine or in its network.
 * - `embedded`: content that came along; no server stands for it (data, blob, filesystem).
 * - `script`: a program that would run in the page that is open (javascript, vbscript).
 * - `internal`: the program's own pages (about, view-source and the like).
 * - `unknown`: another program decides what it means.
 */
export type SchemeClass = "secure" | "insecure" | "file" | "embedded" | "script" | "internal" | "unknown";

/** Tells what a scheme means. @param scheme as the URL parser gives it: in lower case, with its colon. */
export function classifyScheme(scheme: string): SchemeClass {
  return classes.get(scheme) ?? "unknown";
}

const classes: ReadonlyMap<string, SchemeClass> = new Map([
  ["https:", "secure"],
  ["wss:", "secure"],
  ["http:", "insecure"],
  ["ws:", "insecure"],
  ["ftp:", "insecure"],
  ["file:", "file"],
  ["data:", "embedded"],
  ["blob:", "embedded"],
  ["filesystem:", "embedded"],
  ["javascript:", "script"],
  ["vbscript:", "script"],
  ["about:", "internal"],
  ["view-source:", "internal"],
]);
