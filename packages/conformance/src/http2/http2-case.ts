import type { SeenFrame } from "./client-frames.ts";

/** What a server must do. */
export type Expectation =
  /** The connection ends, with GOAWAY of one of these codes where any is sent. RFC 9113 section 5.4.1. */
  | { readonly type: "ends"; readonly codes: readonly number[] }
  /** The stream ends by RST_STREAM of one of these codes, or the connection by GOAWAY: section 5.4 lets a server choose. */
  | { readonly type: "resets"; readonly stream: number; readonly codes: readonly number[] }
  /** The stream is answered with this status, whole, and the connection goes on. */
  | { readonly type: "answers"; readonly stream: number; readonly status: number; readonly content?: string }
  /** Nothing comes of it, and the connection goes on. */
  | { readonly type: "ignores" }
  /** What comes before the answer to a PING that is sent last. */
  | { readonly type: "sends"; readonly what: string; readonly matches: (frames: readonly SeenFrame[]) => boolean };

/** What is sent to a server, and what must come of it. */
export interface Http2Case {
  /** `RFC 9113 section 6.5.2`. */
  readonly section: string;
  /** What it is about, in a clause. */
  readonly name: string;
  /** Whether the preface and SETTINGS are left to the case. */
  readonly isRaw: boolean;
  readonly send: readonly Uint8Array[];
  readonly expected: Expectation;
}

/** A case on a connection that has begun. */
export function when(section: string, name: string, expected: Expectation, ...send: readonly Uint8Array[]): Http2Case {
  return { section, name, isRaw: false, send, expected };
}

/** A case from the first octet. */
export function atFirst(
  section: string,
  name: string,
  expected: Expectation,
  ...send: readonly Uint8Array[]
): Http2Case {
  return { section, name, isRaw: true, send, expected };
}

/** The connection ends with one of these codes. */
export function ends(...codes: readonly number[]): Expectation {
  return { type: "ends", codes };
}

/** The first stream, or the connection, ends with one of these codes. */
export function resets(...codes: readonly number[]): Expectation {
  return { type: "resets", stream: 1, codes };
}

/** A stream is answered. */
export function answers(stream: number, status: number, content?: string): Expectation {
  return { type: "answers", stream, status, ...(content === undefined ? undefined : { content }) };
}

/** Frames come that say so. */
export function sends(what: string, matches: (frames: readonly SeenFrame[]) => boolean): Expectation {
  return { type: "sends", what, matches };
}

/** Nothing comes of it. */
export const IGNORES: Expectation = { type: "ignores" };
