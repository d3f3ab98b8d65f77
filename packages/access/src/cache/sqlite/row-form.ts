import type { SealedPlace } from "@fairlead/store";
import { crc32 } from "node:zlib";

/** Between what is kept of responses and the rows of their database. */
export interface RowForm {
  /** What the rows are sealed with; `undefined` where they are plain. */
  readonly sealId: string | undefined;
  /** Bytes that a piece takes beside its own. */
  readonly overheadBytes: number;
  nameOf(key: string): string;
  writeHead(id: number, key: string, head: string): StoredPart<string | Uint8Array, number>;
  /** @returns key and head; `undefined` when they are damaged. */
  readHead(id: number, name: string, part: StoredPart): { readonly key: string; readonly head: string } | undefined;
  writePiece(name: string, first: number, bytes: Uint8Array): StoredPart<Uint8Array, number>;
  /** @returns `undefined` when it is damaged. */
  readPiece(name: string, first: number, part: StoredPart): Uint8Array | undefined;
}

/** What a row holds of something, and what tells damage. */
export interface StoredPart<Content = unknown, Checksum = unknown> {
  readonly content: Content;
  readonly checksum: Checksum;
}

/** Rows as anybody can read them, with checksums. */
export const plainRows: RowForm = {
  sealId: undefined,
  overheadBytes: 0,
  nameOf: (key) => key,
  writeHead: (_id, _key, head) => ({ content: head, checksum: crc32(head) }),
  readHead: (_id, name, { content, checksum }) =>
    typeof content === "string" && crc32(content) === checksum ? { key: name, head: content } : undefined,
  writePiece: (_name, _first, bytes) => ({ content: bytes, checksum: crc32(bytes) }),
  readPiece: (_name, _first, { content, checksum }) =>
    content instanceof Uint8Array && crc32(content) === checksum ? content : undefined,
};

/**
 * Rows that only the key of the store opens. A head is bound to its response. A piece is bound to its key and position,
 * because pieces pass from one response to another of the same key.
 */
export function sealedRows(place: SealedPlace): RowForm {
  return {
    sealId: place.id,
    overheadBytes: place.overheadBytes,
    nameOf: (key) => place.nameOf(key),
    writeHead: (id, key, head) => {
      const content = place.seal(`head ${String(id)} ${place.nameOf(key)}`, Buffer.from(JSON.stringify([key, head])));
      return { content, checksum: 0 };
    },
    readHead: (id, name, { content }) => {
      const opened = content instanceof Uint8Array ? place.open(`head ${String(id)} ${name}`, content) : undefined;
      if (opened === undefined) return undefined;
      // Nobody else can have sealed it.
      const [key, head] = JSON.parse(Buffer.from(opened).toString()) as [string, string];
      return { key, head };
    },
    writePiece: (name, first, bytes) => ({
      content: place.seal(`piece ${String(first)} ${name}`, bytes),
      checksum: 0,
    }),
    readPiece: (name, first, { content }) =>
      content instanceof Uint8Array ? place.open(`piece ${String(first)} ${name}`, content) : undefined,
  };
}
