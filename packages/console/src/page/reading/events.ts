import type { ConsoleEvent, ConsoleHello, ShownTransfer } from "../../protocol/index.ts";
import { readQuestion } from "./questions.ts";
import { flag, list, number, object, oneOf, optional, type Reader, text, variant, whole } from "./reader.ts";
import { readListedTransaction } from "./transactions.ts";

type Event<Type extends ConsoleEvent["type"]> = Extract<ConsoleEvent, { readonly type: Type }>;

/** A download, as it goes. */
export const readTransfer = object<ShownTransfer>({
  id: whole,
  url: text,
  fileName: text,
  state: oneOf("under-way", "paused", "done", "failed", "cancelled"),
  receivedBytes: number,
  totalBytes: optional(number),
  resumedFrom: number,
  error: optional(text),
  remedy: optional(text),
});

/** What the page is told. */
export const readConsoleEvent: Reader<ConsoleEvent> = variant<"type", ConsoleEvent>("type", {
  hello: object<ConsoleHello>({
    type: oneOf("hello"),
    version: text,
    program: object({ name: text, processId: number }),
    isAttached: flag,
    canTestNetwork: flag,
    canDownload: flag,
  }),
  "told-all": object<Event<"told-all">>({ type: oneOf("told-all") }),
  transactions: object<Event<"transactions">>({
    type: oneOf("transactions"),
    transactions: list(readListedTransaction),
  }),
  "transactions-gone": object<Event<"transactions-gone">>({ type: oneOf("transactions-gone"), below: number }),
  question: object<Event<"question">>({ type: oneOf("question"), question: readQuestion }),
  "question-gone": object<Event<"question-gone">>({ type: oneOf("question-gone"), id: number }),
  transfer: object<Event<"transfer">>({ type: oneOf("transfer"), transfer: readTransfer }),
  "transfer-gone": object<Event<"transfer-gone">>({ type: oneOf("transfer-gone"), id: number }),
  faults: object<Event<"faults">>({ type: oneOf("faults"), count: whole }),
  connectivity: object<Event<"connectivity">>({
    type: oneOf("connectivity"),
    state: oneOf("unknown", "online", "local", "captive", "offline"),
  }),
});
