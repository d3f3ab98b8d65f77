import { nameErrorCode } from "./frames.ts";

/** What a peer can send more of than anybody needs. */
export type Flood =
  | "settings"
  | "ping"
  | "reset"
  | "continuation"
  | "header size"
  | "empty frames"
  | "window updates"
  | "priority"
  | "goaway"
  | "frames of unknown types"
  | "frames for closed streams"
  | "streams beyond the limit"
  | "answers that it does not read";

/** A rule that the peer broke, or a flood: the connection is over. RFC 9113 section 5.4.1. */
export class Http2Fault extends Error {
  /** What the peer is told. */
  readonly code: number;
  /** Which flood it is; `undefined` for a broken rule. */
  readonly flood: Flood | undefined;

  constructor(code: number, detail: string, flood?: Flood) {
    super(`${detail} (${nameErrorCode(code)})`);
    this.code = code;
    this.flood = flood;
  }

  override get name(): "Http2Fault" {
    return "Http2Fault";
  }
}
