/** One key in the life of a store. */
export interface KeyGeneration {
  /** Random: names the generation, in the keyring too, and makes what is derived from the key the generation's own. */
  readonly id: string;
  /** What `checkOf` says of its key. */
  readonly check: string;
  /** Who has the key. */
  readonly source: "keyring" | "given";
}

/** What a store says of the key that it is sealed with. It stands there as plain text. */
export interface SealRecord {
  /** `undefined` while a store is being sealed for the first time: its records are still plain. */
  readonly current: KeyGeneration | undefined;
  /** The generation that somebody is sealing the records anew for, right now or until they were stopped. */
  readonly next: KeyGeneration | undefined;
  /** Grows while somebody is at it: whoever waits for him sees that he goes on. */
  readonly progress?: number;
  /** Whether the disk may still hold what was replaced: plain bytes, or those of a former key. */
  readonly residue: boolean;
}

/** The collection that holds the store's record about its seal, and the name that it has there. */
export const sealCollection = "fairlead-seal";
/** See {@link sealCollection}. */
export const sealName = "key";

/** Counts changes to how records are sealed. */
const formatVersion = 1;

/** Writes it as a person may read it. */
export function formatSealRecord({ current, next, progress, residue }: SealRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: formatVersion, current, next, progress, residue }));
}

/** Reads it; `"newer"` of a later version, `undefined` when it makes no sense. */
export function parseSealRecord(bytes: Uint8Array): SealRecord | "newer" | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  if (!isObject(value) || typeof value["version"] !== "number") return undefined;
  if (value["version"] > formatVersion) return "newer";
  const { current, next, residue } = value;
  if (!isGeneration(current) || !isGeneration(next) || typeof residue !== "boolean") return undefined;
  return current === undefined && next === undefined ? undefined : { current, next, residue };
}

function isGeneration(value: unknown): value is KeyGeneration | undefined {
  if (value === undefined) return true;
  if (!isObject(value)) return false;
  const { id, check, source } = value;
  return typeof id === "string" && typeof check === "string" && (source === "keyring" || source === "given");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
