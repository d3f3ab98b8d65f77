import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { publicSuffix } from "@fairlead/http/site";
import type { PathProfile, PathQuestion } from "../../../src/certificates/index.ts";

/** One case of x509-limbo. Certificates and lists are places in a list of blobs. */
export interface LimboCase {
  readonly id: string;
  readonly features: readonly string[];
  /** How bad it is to get this wrong: `critical`, `high`, `undetermined`. */
  readonly importance: string;
  readonly purpose: "server" | "client";
  readonly anchors: readonly number[];
  readonly intermediates: readonly number[];
  readonly leaf: number;
  readonly lists: readonly number[];
  readonly time?: string;
  readonly host?: string;
  readonly maxDepth?: number;
  /** What is expected. */
  readonly trusted: boolean;
}

/** All cases, and the bytes that they point to. */
export function limboCases(): { readonly cases: readonly LimboCase[]; readonly blobs: readonly Uint8Array[] } {
  const text = gunzipSync(readFileSync(join(import.meta.dirname, "cases.json.gz"))).toString();
  const { cases, blobs } = JSON.parse(text) as {
    readonly cases: readonly LimboCase[];
    readonly blobs: readonly string[];
  };
  return { cases, blobs: blobs.map((blob) => Buffer.from(blob, "base64")) };
}

/** Cases of the web are judged by its profile, all others by RFC 5280's: some of them contradict each other. */
export function limboProfile({ id }: LimboCase): PathProfile {
  return id.startsWith("webpki::") || id.startsWith("online::") ? "web" : "rfc5280";
}

/** What `verifyPath` is asked in a case. */
export function limboQuestion(
  each: LimboCase,
  blobs: readonly Uint8Array[],
  profile = limboProfile(each),
): PathQuestion {
  const blob = (index: number): Uint8Array => blobs[index] ?? new Uint8Array();
  return {
    leaf: blob(each.leaf),
    intermediates: each.intermediates.map(blob),
    anchors: each.anchors.map(blob),
    host: each.host,
    time: Date.parse(each.time ?? "2026-01-01T00:00:00Z"),
    purpose: each.purpose,
    revocation: { lists: each.lists.map(blob) },
    maxDepth: each.maxDepth,
    profile,
    isPublicSuffix: (name) => publicSuffix(name) === name,
  };
}
