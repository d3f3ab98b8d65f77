import type { CoapMessage, CoapOption } from "./message.ts";
import { type CoapOptionKey, coapOptions, findOptionDefinition, isCriticalOption } from "./option-table.ts";

/** What the value of an option is, by its key. */
export type CoapOptionValue<Key extends CoapOptionKey> =
  Key extends CoapOptionKey<"uint"> ? number : Key extends CoapOptionKey<"string"> ? string : Uint8Array;

/**
 * Reads the values of an option, in their order. Those that are too short, too long or no UTF-8 are left out, and those
 * beyond the first where it may be there once: each counts as not recognized, see {@link findBadOption}.
 *
 * @see RFC 7252 sections 5.4.3 and 5.4.5
 */
export function readOptions<Key extends CoapOptionKey>(
  { options }: Pick<CoapMessage, "options">,
  key: Key,
): readonly CoapOptionValue<Key>[] {
  const { number, format, repeatable } = coapOptions[key];
  const values = options
    .filter((option) => option.number === number)
    .slice(0, repeatable ? undefined : 1)
    .filter(isWellFormed)
    .map(({ value }) => (format === "uint" ? readUint(value) : format === "string" ? utf8.decode(value) : value));
  // The format decides which of the three it is, in the type as here.
  return values as unknown as readonly CoapOptionValue<Key>[];
}

/** Reads the first value of an option, as {@link readOptions}. */
export function readOption<Key extends CoapOptionKey>(
  message: Pick<CoapMessage, "options">,
  key: Key,
): CoapOptionValue<Key> | undefined {
  // Most messages do not have what is looked for.
  return hasOption(message, key) ? readOptions(message, key)[0] : undefined;
}

/** Whether there is such an option, whatever its value. */
export function hasOption({ options }: Pick<CoapMessage, "options">, key: CoapOptionKey): boolean {
  const { number } = coapOptions[key];
  for (const option of options) {
    if (option.number === number) return true;
  }
  return false;
}

/**
 * Makes an option of its value.
 *
 * @throws RangeError for a number below 0, above 2^32 - 1 or no integer, and for a value that is too short or too long.
 *
 * @example
 * const options = [writeOption("uriPath", "sensors"), writeOption("accept", contentFormats["application/json"])];
 */
export function writeOption<Key extends CoapOptionKey>(key: Key, value: CoapOptionValue<Key>): CoapOption {
  const { number, name, minBytes, maxBytes } = coapOptions[key];
  const bytes = encode(value);
  if (bytes.length < minBytes || bytes.length > maxBytes) {
    throw new RangeError(`${name} has ${minBytes} to ${maxBytes} bytes, not ${bytes.length}`);
  }
  return { number, value: bytes };
}

/**
 * Finds the first option that has a message refused, as a bad option or without a word: a critical one that is not
 * recognized, that has no form of its own, or that is there again where it may be there once.
 *
 * @param recognized numbers of the options that the receiver heeds
 *
 * @see RFC 7252 section 5.4.1
 */
export function findBadOption(
  { options }: Pick<CoapMessage, "options">,
  recognized: ReadonlySet<number>,
): CoapOption | undefined {
  return options.find((option, index) => {
    const { number } = option;
    if (!isCriticalOption(number)) return false;
    const isRepeated = options[index - 1]?.number === number && findOptionDefinition(number)?.repeatable !== true;
    return !recognized.has(number) || isRepeated || !isWellFormed(option);
  });
}

/**
 * Reads an unsigned integer of any number of bytes, the largest first; leading zeros are taken.
 *
 * @see RFC 7252 section 3.2
 */
export function readUint(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/**
 * Writes an unsigned integer in as few bytes as it takes: none for 0.
 *
 * @throws RangeError below 0, above 2^32 - 1, or for no integer.
 */
export function writeUint(value: number): Uint8Array {
  if (!(Number.isInteger(value) && value >= 0 && value < 2 ** 32)) {
    throw new RangeError(`an option takes integers from 0 to 2^32 - 1, not ${value}`);
  }
  const bytes: number[] = [];
  for (let left = value; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return Uint8Array.from(bytes);
}

function isWellFormed({ number, value }: CoapOption): boolean {
  const definition = findOptionDefinition(number);
  if (definition === undefined) return true;
  const { format, minBytes, maxBytes } = definition;
  return value.length >= minBytes && value.length <= maxBytes && (format !== "string" || isUtf8(value));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function encode(value: number | string | Uint8Array): Uint8Array {
  if (typeof value === "number") return writeUint(value);
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
