import { type CoapOption, maxOptionNumber } from "./message.ts";

/** Options and payload whose size is known, for who writes what comes before them. */
export interface CoapContentWriter {
  readonly sizeBytes: number;
  /** Writes them, `sizeBytes` from `at` on. */
  write(message: Uint8Array, at: number): void;
}

/**
 * Prepares what follows the token. Options are sorted by number; those of one number stay in their order.
 *
 * @throws RangeError for an option that has no form.
 *
 * @see RFC 7252 section 3.1
 */
export function contentWriter(options: readonly CoapOption[], payload: Uint8Array): CoapContentWriter {
  return new SizedContent(options, payload);
}

class SizedContent implements CoapContentWriter {
  readonly sizeBytes: number;
  readonly #sorted: readonly CoapOption[];
  readonly #payload: Uint8Array;

  constructor(options: readonly CoapOption[], payload: Uint8Array) {
    this.#sorted = isSorted(options) ? options : options.toSorted((one, other) => one.number - other.number);
    this.#payload = payload;
    let sizeBytes = payload.length > 0 ? 1 + payload.length : 0;
    let last = 0;
    for (const { number, value } of this.#sorted) {
      if (!(Number.isInteger(number) && number >= 0 && number <= maxOptionNumber)) {
        throw new RangeError(`an option number is 0 to 65535, not ${number}`);
      }
      if (value.length > maxValueBytes) throw new RangeError(`an option has ${maxValueBytes} bytes at most`);
      sizeBytes += 1 + extraBytes(number - last) + extraBytes(value.length) + value.length;
      last = number;
    }
    this.sizeBytes = sizeBytes;
  }

  write(message: Uint8Array, at: number): void {
    let last = 0;
    for (const { number, value } of this.#sorted) {
      const delta = number - last;
      last = number;
      message[at] = (nibble(delta) << 4) | nibble(value.length);
      at = writeExtra(message, at + 1, delta);
      at = writeExtra(message, at, value.length);
      message.set(value, at);
      at += value.length;
    }
    if (this.#payload.length === 0) return;
    message[at] = 0xff;
    message.set(this.#payload, at + 1);
  }
}

function isSorted(options: readonly CoapOption[]): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (const { number } of options) {
    if (number < last) return false;
    last = number;
  }
  return true;
}

/** Four bits for a delta or a length, which may say that one or two bytes follow. */
function nibble(value: number): number {
  return value < 13 ? value : value < 269 ? 13 : 14;
}

function extraBytes(value: number): number {
  return value < 13 ? 0 : value < 269 ? 1 : 2;
}

function writeExtra(message: Uint8Array, at: number, value: number): number {
  if (value < 13) return at;
  if (value < 269) {
    message[at] = value - 13;
    return at + 1;
  }
  message[at] = (value - 269) >> 8;
  message[at + 1] = (value - 269) & 255;
  return at + 2;
}

const maxValueBytes = 65_535 + 269;
