import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatPassive, readExtendedPort, readPort } from "../../../../src/services/files/protocol/ftp-address.ts";

describe("addresses of FTP", () => {
  test("PORT reads what PASV writes, RFC 959 section 4.1.2", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(65_535), (host, port) => {
        assert.deepEqual(readPort(formatPassive({ host, port })), { host, port });
      }),
    );
  });

  for (const argument of [
    "",
    "1,2,3,4,5",
    "1,2,3,4,5,256",
    "1,2,3,4,5,6,7",
    "1.2.3.4,5,6",
    "1,2,3,4,,6",
    "-1,2,3,4,5,6",
  ]) {
    test(`PORT refuses ${JSON.stringify(argument)}`, () => {
      assert.equal(readPort(argument), undefined);
    });
  }

  for (const [argument, address] of [
    ["|1|127.0.0.1|4711|", { host: "127.0.0.1", port: 4711 }],
    ["!2!::1!21!", { host: "::1", port: 21 }],
    ["|3|127.0.0.1|4711|", undefined],
    ["|1|127.0.0.1|0|", undefined],
    ["|1|127.0.0.1|65536|", undefined],
    ["|1|evil.test|4711|", undefined],
    ["|1|127.0.0.1!4711|", undefined],
  ] as const) {
    test(`EPRT takes or refuses ${argument}, RFC 2428 section 2`, () => {
      assert.deepEqual(readExtendedPort(argument), address);
    });
  }
});
