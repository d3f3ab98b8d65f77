import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  blockUint,
  coapCodes,
  coapOptions,
  contentFormats,
  findBadOption,
  isCriticalOption,
  isNoCacheKeyOption,
  isUnsafeOption,
  kindOfCoapCode,
  nameCoapCode,
  nameContentFormat,
  readBlock,
  readOption,
  readOptions,
  readUint,
  writeBlock,
  writeOption,
  writeUint,
} from "@fairlead/iot/coap/protocol";

describe("values of CoAP's options", () => {
  test("that are numbers have as few bytes as they need, and none for 0 (RFC 7252 section 3.2)", () => {
    const sizes = [0, 1, 255, 256, 65_535, 65_536, 16_777_216, 4_294_967_295].map((value) => writeUint(value).length);
    assert.deepEqual(sizes, [0, 1, 1, 2, 2, 3, 4, 4]);
    for (const wrong of [-1, 0.5, 4_294_967_296, Number.NaN]) assert.throws(() => writeUint(wrong), RangeError);
  });

  test("that are numbers are read with leading zeros too, and come back (property)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        assert.equal(readUint(Uint8Array.of(0, ...writeUint(value))), value);
      }),
    );
  });

  test("are typed by what they are registered as", () => {
    const options = [
      writeOption("uriPath", "größe"),
      writeOption("uriPath", ""),
      writeOption("observe", 0),
      writeOption("eTag", Uint8Array.of(1, 2)),
    ];
    assert.deepEqual(readOptions({ options }, "uriPath"), ["größe", ""]);
    assert.equal(readOption({ options }, "observe"), 0);
    assert.deepEqual(readOption({ options }, "eTag"), Uint8Array.of(1, 2));
    assert.equal(readOption({ options }, "maxAge"), undefined);
  });

  test("count only where their form is that of the option, and once where they may be there once", () => {
    const value = (number: number, ...bytes: number[]) => ({ number, value: Uint8Array.from(bytes) });
    assert.deepEqual(readOptions({ options: [value(11, 0xc3, 0x28)] }, "uriPath"), [], "no UTF-8");
    assert.deepEqual(readOptions({ options: [value(12, 1, 2, 3)] }, "contentFormat"), [], "too long");
    assert.deepEqual(readOptions({ options: [value(4)] }, "eTag"), [], "too short");
    assert.deepEqual(readOptions({ options: [value(12, 50), value(12, 60)] }, "contentFormat"), [50]);
  });

  test("are refused where they do not fit", () => {
    assert.throws(() => writeOption("contentFormat", 65_536), RangeError);
    assert.throws(() => writeOption("eTag", new Uint8Array(0)), RangeError);
    assert.throws(() => writeOption("uriHost", "a".repeat(256)), RangeError);
  });

  test("have a message refused where they are critical and not recognized (RFC 7252 section 5.4.1)", () => {
    const known: ReadonlySet<number> = new Set([coapOptions.uriPath.number, coapOptions.uriHost.number]);
    const bad = (...numbers: number[]) =>
      findBadOption({ options: numbers.map((number) => ({ number, value: Uint8Array.of(97) })) }, known)?.number;
    assert.equal(bad(11, 11), undefined, "may be there twice");
    assert.equal(bad(3, 3), 3, "may be there once");
    assert.equal(bad(11, 9999), 9999);
    assert.equal(bad(11, 9998), undefined, "elective");
    assert.equal(findBadOption({ options: [{ number: 11, value: Uint8Array.of(0xff) }] }, known)?.number, 11);
  });

  test("have their nature in their number (RFC 7252 section 5.4.6, table 4)", () => {
    const { ifMatch, uriHost, eTag, maxAge, uriPath, size1, proxyUri, size2, noResponse } = coapOptions;
    const critical = [ifMatch, uriHost, uriPath, proxyUri].map(({ number }) => isCriticalOption(number));
    assert.deepEqual(critical, [true, true, true, true]);
    assert.deepEqual(
      [eTag, maxAge, size1].map(({ number }) => isCriticalOption(number)),
      [false, false, false],
    );
    assert.deepEqual(
      [uriHost, maxAge, proxyUri].map(({ number }) => isUnsafeOption(number)),
      [true, true, true],
    );
    assert.deepEqual(
      [ifMatch, eTag, size1].map(({ number }) => isUnsafeOption(number)),
      [false, false, false],
    );
    assert.deepEqual(
      [size1, size2].map(({ number }) => isNoCacheKeyOption(number)),
      [true, true],
    );
    assert.deepEqual(
      [eTag, noResponse].map(({ number }) => isNoCacheKeyOption(number)),
      [false, false],
    );
  });

  test("of blocks have number, more and size (RFC 7959 section 2.2)", () => {
    assert.deepEqual(readBlock(Uint8Array.of(0x1e)), { number: 1, more: true, sizeBytes: 1024 });
    assert.deepEqual(readBlock(new Uint8Array(0)), { number: 0, more: false, sizeBytes: 16 });
    assert.equal(readBlock(0x17), undefined, "7 is reserved");
    assert.deepEqual(
      readBlock(0x17, true),
      { number: 1, more: false, sizeBytes: 1024, isGathered: true },
      "but where blocks are gathered (RFC 8323 section 6)",
    );
    assert.equal(readBlock(Uint8Array.of(1, 0, 0, 0)), undefined, "four bytes");
    for (const block of [
      { number: 1_048_575, more: true, sizeBytes: 1024 },
      { number: 0, more: false, sizeBytes: 32 },
      { number: 3, more: true, sizeBytes: 1024, isGathered: true },
    ]) {
      assert.deepEqual(readBlock(writeBlock(block), true), block);
    }
    assert.throws(() => blockUint({ number: 0, more: false, sizeBytes: 100 }), RangeError);
    assert.throws(() => blockUint({ number: 1_048_576, more: false, sizeBytes: 16 }), RangeError);
  });
});

describe("names of CoAP's numbers", () => {
  test("are found both ways, and no two things have one number", () => {
    for (const [name, code] of Object.entries(coapCodes)) assert.equal(nameCoapCode(code), name);
    for (const [name, number] of Object.entries(contentFormats)) assert.equal(nameContentFormat(number), name);
    const numbers = Object.values(coapOptions).map(({ number }) => number);
    assert.equal(new Set(numbers).size, numbers.length);
    assert.equal(nameCoapCode("2.07"), undefined);
  });

  test("have a kind where they are not known (RFC 7252 section 5.9)", () => {
    const kinds = (["0.00", "0.31", "1.00", "2.31", "3.00", "4.31", "5.31", "6.00", "7.01"] as const).map(
      kindOfCoapCode,
    );
    assert.deepEqual(kinds, [
      ...["empty", "request", "reserved", "success", "reserved", "client-error", "server-error"],
      ...["reserved", "reserved"],
    ]);
  });
});
