import type { FlatFields } from "../../exchange/index.ts";
import { parsePairs } from "../protocol/index.ts";

/** Reads the payload of a frame that holds a head. */
export function readPairs(payload: Uint8Array): FlatFields {
  return parsePairs(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("latin1"));
}
