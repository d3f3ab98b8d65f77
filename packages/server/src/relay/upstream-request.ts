import type { FormattedRequestHead } from "@fairlead/http/h1";
import type { Duplex } from "node:stream";
import type { BodySource } from "../exchange/index.ts";
import type { UpstreamContent } from "./upstream-content.ts";

/** How long a server may take. */
export interface UpstreamTimeouts {
  /** To be connected, TLS included. */
  readonly connectMilliseconds: number;
  /** From the end of the request to the head of the response, and to take more of a request's content. */
  readonly responseMilliseconds: number;
  /** Between the pieces of a response that somebody waits for. */
  readonly idleMilliseconds: number;
  /** To say 100 (Continue), before content is sent that waits for it. */
  readonly continueMilliseconds: number;
}

/** A request as it is sent. */
export interface UpstreamRequest {
  readonly method: string;
  readonly head: FormattedRequestHead;
  readonly upgrade: string | undefined;
  readonly body: BodySource | undefined;
  readonly waitsForContinue: boolean;
  readonly timeouts: UpstreamTimeouts;
  /** Whoever asks has left. */
  readonly signal: AbortSignal;
  /** 102 to 199. */
  onInterim(status: number, fields: string[]): void;
  /** Nothing more happens to it on this connection. */
  onOver(): void;
}

/** What a server answers. Names of fields are in lower case. */
export type UpstreamAnswer =
  | { readonly type: "response"; readonly status: number; readonly fields: string[]; readonly content: UpstreamContent }
  /** The stream belongs to whoever asked; nobody listens to it, and nothing of it is lost. */
  | { readonly type: "upgrade"; readonly status: number; readonly fields: string[]; readonly stream: Duplex };
