import { FileError } from "../file-error.ts";

/**
 * Watches over a body on its way to a terminal: text passes, and what a terminal would obey or garble does not.
 *
 * Refused are control characters but tab, line feed, carriage return and form feed (so also ESC), and C1 controls in
 * UTF-8.
 */
export class TerminalGuard {
  #last = 0;

  /** @throws FileError for a chunk that is not text. */
  check(chunk: Uint8Array): void {
    for (const byte of chunk) {
      const isControl = byte < 0x20 ? byte < 0x09 || byte === 0x0b || byte > 0x0d : byte === 0x7f;
      const isC1 = this.#last === 0xc2 && byte >= 0x80 && byte <= 0x9f;
      if (isControl || isC1) {
        throw new FileError(
          "write the body to the terminal",
          "it holds control characters; use '--output FILE' to keep it, or '--output -' to print it all the same",
        );
      }
      this.#last = byte;
    }
  }
}
