import { StoreError } from "@fairlead/core";
import { isReply } from "./connection.ts";

/** Words that a refusal of the engine begins with, with what they mean for who opens a store. */
const refusals: readonly (readonly [word: string, detail: string, remedy: string])[] = [
  ["WRONGPASS", "user or password is refused", "check user and password in the URL"],
  ["NOAUTH", "the engine asks for a password", "put user and password into the URL: redis://user:password@host"],
  ["NOPERM", "the user may not do what a store does", "allow the user the keys, the channel, @scripting and @pubsub"],
  ["NOPROTO", "the engine is too old", "use Redis 6 or newer, or Valkey"],
  ["LOADING", "the engine is still reading its data", "try again when it has started"],
  ["MASTERDOWN", "the engine has lost its master", "try again later"],
  ["CLUSTERDOWN", "the cluster is down", "try again later"],
  ["DENIED", "the engine lets in only its own machine", "give the engine a password"],
  ["ERR", "the engine does not know a command that a store needs", "use Redis 6 or newer, or Valkey"],
];

/** Whether the engine understood and would not: nothing was changed then. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^[A-Z]{3,}(?: |$)/.test(error.message);
}

/** Says why a store could not be opened. */
export function openError(peer: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  for (const [word, detail, remedy] of refusals) {
    if (isReply(cause, word)) {
      return new StoreError("STORE_OPEN_FAILED", { peer, operation: "open", detail, remedy, cause });
    }
  }
  return new StoreError("STORE_UNREACHABLE", { peer, operation: "open", cause });
}
