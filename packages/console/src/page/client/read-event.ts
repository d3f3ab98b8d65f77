import type { ConsoleEvent } from "../../protocol/index.ts";
import { readConsoleEvent } from "../reading/events.ts";
import { UnreadableValue } from "../reading/reader.ts";

/** Reads a message of the WebSocket; `undefined` for what is no event, or one that another version of the program knows. */
export function readEvent(text: string): ConsoleEvent | undefined {
  try {
    return readConsoleEvent(JSON.parse(text));
  } catch (error) {
    if (error instanceof UnreadableValue || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
