import type { StoreWarning } from "@fairlead/store";
import type { Output } from "../command.ts";
import { printable } from "../terminal/printable.ts";

/** Tells in one line what a store had to put right. */
export function tellWarning({ collection, message }: StoreWarning, stderr: Output): void {
  const subject = collection === undefined ? "store" : `store ${collection}`;
  stderr.write(`fairlead: warning: ${printable(`${subject}: ${message}`)}\n`);
}
