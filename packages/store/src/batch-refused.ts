/** A batch was not written because what it requires was not there. */
export class BatchRefused extends Error {
  /** The value that is there instead; `undefined` where there is none. */
  readonly found: Uint8Array | undefined;

  constructor(found: Uint8Array | undefined) {
    super("somebody else has changed what the store is sealed with");
    this.found = found;
  }
}

/** @throws BatchRefused when another value is there than is required. */
export function assertFound(found: Uint8Array | undefined, required: Uint8Array | undefined): void {
  const isSame = found === undefined || required === undefined ? found === required : isEqual(found, required);
  if (!isSame) throw new BatchRefused(found);
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
