import type { ConsoleEvent } from "../../protocol/index.ts";

/** Every event has its name here, or this does not compile. */
const known: Readonly<Record<ConsoleEvent["type"], true>> = {
  hello: true,
  transactions: true,
  "transactions-gone": true,
  question: true,
  "question-gone": true,
  transfer: true,
  "transfer-gone": true,
  faults: true,
  connectivity: true,
};

/** Reads a message of the WebSocket; `undefined` for one that another version of the program may know. */
export function readEvent(text: string): ConsoleEvent | undefined {
  const message: unknown = JSON.parse(text);
  if (typeof message !== "object" || message === null || !("type" in message)) return undefined;
  const { type } = message;
  if (typeof type !== "string" || !Object.hasOwn(known, type)) return undefined;
  // Its name says its shape: both ends are of one version.
  return message as ConsoleEvent;
}
