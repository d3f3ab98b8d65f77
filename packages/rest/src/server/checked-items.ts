import { ContentError } from "@fairlead/core";
import { ndjsonItems } from "../content/index.ts";
import { check } from "../contract/check.ts";
import type { OutputOf, Schema } from "../contract/schema.ts";
import { hasPrototypeName } from "./protocol/prototype-name.ts";
import type { ReceivedContent } from "./received-content.ts";
import { faultsOf, faultyRequest } from "./request-fault.ts";
import { refusedName, unreadable } from "./unreadable.ts";

/**
 * Reads values as they come, each checked before its handler gets it. What is wrong with one, a handler that lets it pass
 * answers with.
 *
 * @throws Problem 400, 413 or 422, by the iterator.
 */
export async function* checkedItems<S extends Schema>(
  received: ReceivedContent,
  schema: S,
): AsyncGenerator<OutputOf<S>, undefined> {
  let index = 0;
  const items = ndjsonItems(received.pieces(), { itemLimitBytes: received.limitBytes });
  try {
    for await (const item of items) {
      if (hasPrototypeName(item)) throw refusedName();
      const checked = await check(schema, item);
      if (checked.type === "faulty") {
        const issues = checked.issues.map(({ message, path }) => ({ message, path: [index, ...path] }));
        throw faultyRequest(422, faultsOf("body", issues));
      }
      yield checked.value;
      index += 1;
    }
  } catch (error) {
    throw error instanceof ContentError ? unreadable(error) : error;
  }
}
