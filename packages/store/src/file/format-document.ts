import type { StoreDocument } from "./document.ts";

/** Characters that are formatted at a time: a fraction of a millisecond's work. */
const pieceLength = 32_768;

/** Writes the text of a document, one record a line, piece by piece. */
export function* formatDocument(document: StoreDocument): Iterable<string> {
  let piece = "";
  for (const line of lines(document)) {
    piece += line;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

function* lines({ members, collections }: StoreDocument): Iterable<string> {
  yield "{";
  for (const [name, value] of Object.entries(members)) yield `\n  ${JSON.stringify(name)}: ${JSON.stringify(value)},`;
  yield `\n  "collections": {`;
  let comma = "";
  for (const [collection, records] of collections) {
    yield `${comma}\n    ${JSON.stringify(collection)}: {`;
    comma = "";
    for (const [name, { text }] of records) {
      yield `${comma}\n      ${JSON.stringify(name)}: ${text}`;
      comma = ",";
    }
    yield comma === "" ? "}" : "\n    }";
    comma = ",";
  }
  yield comma === "" ? "}\n}\n" : "\n  }\n}\n";
}
