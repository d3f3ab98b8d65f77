import { type FairleadError, TransportError } from "@fairlead/core";
import type { Duplex } from "node:stream";
import type { BodySource, FlatFields } from "../../exchange/index.ts";

/** A request on its way to a worker. */
export interface WorkerRequest {
  /** Its head, as `formatPairs` makes it of `requestPairs`. */
  readonly head: string;
  readonly body: BodySource | undefined;
  /** Whether it asks to change to another protocol. */
  readonly mayUpgrade: boolean;
  /** Fires when nobody waits for the answer any more. Asked for only where the answer lets itself be waited for. */
  readonly signal: AbortSignal;
  inform(status: number, fields: FlatFields): void;
}

/** What a worker answers. */
export type WorkerAnswer =
  | {
      readonly type: "response";
      readonly status: number;
      readonly fields: FlatFields;
      readonly content: Uint8Array | BodySource | undefined;
    }
  | { readonly type: "upgrade"; readonly fields: FlatFields; readonly stream: Duplex };

/** Why a worker gave no answer. */
export class WorkerFailure extends Error {
  readonly reason: "gone" | "refused" | "failed" | "timed-out" | "unwanted";
  /** Whether the worker can have done nothing that a second worker would do again, but for what its method does. */
  readonly isUntouched: boolean;

  constructor(reason: WorkerFailure["reason"], isUntouched: boolean, cause: unknown) {
    super(`the worker gave no answer: ${reason}`, { cause });
    this.reason = reason;
    this.isUntouched = isUntouched;
  }

  override get name(): "WorkerFailure" {
    return "WorkerFailure";
  }
}

/** What the reader of an answer is told when its worker ends in the middle of it. */
export function workerGone(cause: unknown, detail?: string): FairleadError {
  return new TransportError("WORKER_GONE", { cause, detail });
}
