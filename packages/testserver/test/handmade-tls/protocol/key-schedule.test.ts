import assert from "node:assert/strict";
import { test } from "node:test";
import {
  finishedData,
  KeySchedule,
  nextSecret,
  prf,
  recordKeys,
} from "../../../src/handmade-tls/protocol/key-schedule.ts";
import { sha256 } from "../../../src/handmade-tls/sha256.ts";

const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex");

test("the secrets of TLS 1.3 are those of RFC 8448 section 3", () => {
  const shared = bytes(
    "8b d4 05 4f b5 5b 9d 63 fd fb ac f9 f0 4b 9f 0d 35 e6 d6 3f 53 75 63 ef d4 62 72 90 0f 89 49 2d",
  );
  const hellos = bytes(
    "86 0c 06 ed c0 78 58 ee 8e 78 f0 e7 42 8c 58 ed d6 b4 3f 2c a3 e6 e9 5f 02 ed 06 3c f0 e1 ca d8",
  );
  const schedule = new KeySchedule(sha256, shared);
  const { client, server } = schedule.handshakeSecrets(hellos);
  assert.equal(hex(client), "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
  assert.equal(hex(server), "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
  const { key, iv } = recordKeys(sha256, server);
  assert.deepEqual([hex(key), hex(iv)], ["3fce516009c21727d0f2e4e86ee403bc", "5d313eb2671276ee13000b30"]);

  const untilFinished = bytes(
    "96 08 10 2a 0f 1c cc 6d b6 25 0b 7b 7e 41 7b 1a 00 0e aa da 3d aa e4 77 7a 76 86 c9 ff 83 df 13",
  );
  const application = schedule.applicationSecrets(untilFinished);
  assert.equal(hex(application.client), "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5");
  assert.equal(hex(application.server), "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643");
  const keys = recordKeys(sha256, application.server);
  assert.deepEqual([hex(keys.key), hex(keys.iv)], ["9f02283b6c9c07efc26bb9f2ac92e356", "cf782b88dd83549aadf1e984"]);
  assert.notEqual(hex(nextSecret(sha256, application.server)), hex(application.server));
  assert.equal(finishedData(sha256, server, hellos).length, 32);
});

test("the pseudo-random function of TLS 1.2 is the one that its working group's test vector is of", () => {
  // https://mailarchive.ietf.org/arch/msg/tls/fzVCzk-z3FShgGJ6DOXqM1ydxms
  const output = prf(
    sha256,
    bytes("9b be 43 6b a9 40 f0 17 b1 76 52 84 9a 71 db 35"),
    "test label",
    bytes("a0 ba 9f 93 6c da 31 18 27 a6 f7 96 ff d5 19 8c"),
    100,
  );
  assert.equal(hex(output).slice(0, 64), "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a");
  assert.equal(hex(output).slice(-8), "87347b66");
});
