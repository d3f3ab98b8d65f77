import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import type { StoreRecord } from "@fairlead/store";
import { checkOf } from "../../src/seal/derived-keys.ts";
import { keySeal } from "../../src/seal/key-seal.ts";

const key = randomBytes(32);
const seal = keySeal(key, "generation");
const record: StoreRecord = {
  key: "https://bank.example",
  value: new Uint8Array(Buffer.from("a secret")),
  expiresAt: 2_000,
  writtenAt: 1_000,
};
const name = seal.nameOf("cookies", record.key);
const stored = { value: seal.seal("cookies", name, record), expiresAt: 2_000, writtenAt: 1_000 };

describe("a sealed record", () => {
  it("is what it was, whatever its key, bytes and times", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.uint8Array({ maxLength: 5_000 }),
        fc.option(fc.maxSafeInteger(), { nil: undefined }),
        fc.nat(),
        (text, value, expiresAt, writtenAt) => {
          const written = { key: text, value, expiresAt, writtenAt };
          const hidden = seal.nameOf("things", text);
          const bytes = seal.seal("things", hidden, written);
          const opened = keySeal(key, "generation").open("things", hidden, { value: bytes, expiresAt, writtenAt });
          assert.deepEqual(opened, { key: text, value: new Uint8Array(value) });
        },
      ),
    );
  });

  it("is another each time, under the same name", () => {
    assert.notDeepEqual(seal.seal("cookies", name, record), stored.value);
    assert.equal(keySeal(key, "generation").nameOf("cookies", record.key), name);
    assert.match(name, /^[\w-]{22}$/);
  });

  it("tells neither key nor value", () => {
    const bytes = Buffer.from(stored.value);
    for (const text of ["bank", "secret"]) assert.equal(bytes.includes(text), false);
  });

  it("cannot be opened once any bit of it has changed", () => {
    for (let bit = 0; bit < stored.value.length * 8; bit++) {
      const value = Uint8Array.from(stored.value);
      value[bit >> 3] = (value[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(seal.open("cookies", name, { ...stored, value }), undefined, `bit ${String(bit)}`);
    }
  });

  it("cannot be opened once it is shorter or longer", () => {
    for (let length = 0; length < stored.value.length; length++) {
      const value = stored.value.subarray(0, length);
      assert.equal(seal.open("cookies", name, { ...stored, value }), undefined, `length ${String(length)}`);
    }
    const value = Buffer.concat([stored.value, Buffer.of(0)]);
    assert.equal(seal.open("cookies", name, { ...stored, value }), undefined);
  });

  it("cannot be moved to another name or collection, prolonged, or made newer", () => {
    assert.ok(seal.open("cookies", name, stored));
    assert.equal(seal.open("cookies", seal.nameOf("cookies", "other"), stored), undefined);
    assert.equal(seal.open("credentials", name, stored), undefined);
    assert.equal(seal.open("cookies", name, { ...stored, expiresAt: 3_000 }), undefined);
    assert.equal(seal.open("cookies", name, { ...stored, expiresAt: undefined }), undefined);
    assert.equal(seal.open("cookies", name, { ...stored, writtenAt: 1_001 }), undefined);
  });

  it("cannot be opened with another key, nor by the same one in another generation", () => {
    assert.equal(keySeal(randomBytes(32), "generation").open("cookies", name, stored), undefined);
    assert.equal(keySeal(key, "another").open("cookies", name, stored), undefined);
    assert.notEqual(keySeal(key, "another").nameOf("cookies", record.key), name);
  });
});

describe("hidden names", () => {
  it("differ from collection to collection, however the two are divided", () => {
    const names = [seal.nameOf("a", "bc"), seal.nameOf("ab", "c"), seal.nameOf("b", "bc"), seal.nameOf("a", "b")];
    assert.equal(new Set(names).size, names.length);
  });

  it("stay the same when more are asked for than are remembered", () => {
    for (let index = 0; index < 10_000; index++) seal.nameOf("hosts", String(index));
    assert.equal(seal.nameOf("cookies", record.key), name);
    assert.equal(seal.nameOf("hosts", "9999"), keySeal(key, "generation").nameOf("hosts", "9999"));
  });

  it("are none for a key that UTF-8 cannot carry", () => {
    assert.equal(seal.nameOf("things", "\ud800"), "");
    assert.notEqual(seal.nameOf("things", "\ufffd"), "");
  });
});

describe("the check of a key", () => {
  it("knows the key in its generation, and tells nothing of it", () => {
    const check = checkOf(key, "generation");
    assert.equal(checkOf(Uint8Array.from(key), "generation"), check);
    assert.notEqual(checkOf(key, "another"), check);
    assert.notEqual(checkOf(randomBytes(32), "generation"), check);
  });

  it("is nothing that an inspected seal shows", () => {
    const shown = inspect(seal, { depth: 10, showHidden: true });
    for (const encoding of ["hex", "base64", "base64url", "latin1"] as const) {
      assert.equal(shown.includes(key.toString(encoding)), false);
    }
  });
});
