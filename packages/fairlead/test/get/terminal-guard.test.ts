import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FileError } from "../../src/file-error.ts";
import { TerminalGuard } from "../../src/get/terminal-guard.ts";

describe("the terminal guard", () => {
  for (const text of ["plain\ttext\r\n\f", "grüße 日本 🚢 Â", ""]) {
    test(`lets ${JSON.stringify(text)} pass, whole and byte by byte`, () => {
      new TerminalGuard().check(Buffer.from(text));
      const guard = new TerminalGuard();
      for (const byte of Buffer.from(text)) guard.check(Uint8Array.of(byte));
    });
  }

  for (const bytes of [[0], [0x1b, 0x5b], [0x07], [0x08], [0x0b], [0x0e], [0x7f], [0xc2, 0x9b], [0x41, 0xc2, 0x80]]) {
    test(`stops ${JSON.stringify(bytes)}, whole and byte by byte`, () => {
      assert.throws(() => new TerminalGuard().check(Uint8Array.from(bytes)), FileError);
      const guard = new TerminalGuard();
      assert.throws(() => {
        for (const byte of bytes) guard.check(Uint8Array.of(byte));
      }, FileError);
    });
  }
});
