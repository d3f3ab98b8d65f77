import type { Reply } from "@fairlead/access";
import { jsonItems, jsonSequenceItems, ndjsonItems, unexpectedType, type ContentFacts } from "../content/index.ts";
import { readBeginning } from "./beginning.ts";
import type { ItemsOptions } from "./content-reader.ts";
import { itemsForm } from "./protocol/readings.ts";
import { fieldOf } from "./reply-fields.ts";

/**
 * Reads the items of a JSON array, of NDJSON or of a JSON text sequence as they come.
 *
 * @throws ContentError CONTENT_TYPE_UNEXPECTED, and what is wrong with an item.
 */
export async function* readItems(
  reply: Reply,
  open: () => AsyncIterable<Uint8Array>,
  options: ItemsOptions,
  facts: ContentFacts,
): AsyncGenerator<unknown, void> {
  const contentType = fieldOf(reply.headers, "content-type");
  switch (itemsForm(contentType)) {
    case "array":
      yield* jsonItems(open(), options, facts);
      return;
    case "lines":
      yield* ndjsonItems(open(), options, facts);
      return;
    case "sequence":
      yield* jsonSequenceItems(open(), options, facts);
      return;
    case undefined:
      throw unexpectedType((await readBeginning(reply)).bytes, contentType, facts);
  }
}
