/** Encrypts what belongs to a store and is kept beside it, with a key of its own. */
export interface SealedPlace {
  /** Names the key, and tells nothing about it: what was sealed under another name cannot be opened. */
  readonly id: string;
  /** Bytes that sealing adds. */
  readonly overheadBytes: number;
  /** A name that only the holder of the key finds again. */
  nameOf(name: string): string;
  /** @param place where the bytes belong: nowhere else are they opened. */
  seal(place: string, bytes: Uint8Array): Uint8Array;
  /** @returns `undefined` for what was damaged, moved, or sealed with another key. */
  open(place: string, sealed: Uint8Array): Uint8Array | undefined;
}
