import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nodeOscoreCryptography as cryptography } from "../../../../src/coap/oscore/node-cryptography.ts";
import { readCoapMessage, writeCoapMessage, type CoapMessage } from "@fairlead/iot/coap/protocol";
import { makeNonce } from "../../../../src/coap/protocol/oscore/partial-iv.ts";
import {
  protectRequest,
  protectResponse,
  readOscoreHeader,
  unprotectRequest,
  unprotectResponse,
} from "../../../../src/coap/protocol/oscore/protect-message.ts";
import { deriveOscoreKeys, type OscoreParameters } from "../../../../src/coap/protocol/oscore/security-context.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const message = (datagram: string): CoapMessage => {
  const reading = readCoapMessage(hex(datagram));
  assert.equal(reading.type, "message");
  return reading.message;
};

const masterSecret = hex("0102030405060708090a0b0c0d0e0f10");
const masterSalt = hex("9e7ca92223786340");
const idContext = hex("37cbf3210017a2d3");
const none = hex("");
const salted: OscoreParameters = { masterSecret, masterSalt, senderId: none, recipientId: hex("01") };
const unsalted: OscoreParameters = { masterSecret, senderId: hex("00"), recipientId: hex("01") };
const inContext: OscoreParameters = { ...salted, idContext };

/** The other end of a context. */
const turned = (parameters: OscoreParameters): OscoreParameters => ({
  ...parameters,
  senderId: parameters.recipientId,
  recipientId: parameters.senderId,
});

describe("the security context of OSCORE (RFC 8613 section 3.2)", () => {
  const examples = [
    {
      name: "C.1, with a master salt",
      parameters: salted,
      senderKey: "f0910ed7295e6ad4b54fc793154302ff",
      recipientKey: "ffb14e093c94c9cac9471648b4f98710",
      commonIv: "4622d4dd6d944168eefb54987c",
      senderNonce: "4622d4dd6d944168eefb54987c",
      recipientNonce: "4722d4dd6d944169eefb54987c",
    },
    {
      name: "C.2, without one",
      parameters: unsalted,
      senderKey: "321b26943253c7ffb6003b0b64d74041",
      recipientKey: "e57b5635815177cd679ab4bcec9d7dda",
      commonIv: "be35ae297d2dace910c52e99f9",
      senderNonce: "bf35ae297d2dace910c52e99f9",
      recipientNonce: "bf35ae297d2dace810c52e99f9",
    },
    {
      name: "C.3, with an ID context",
      parameters: inContext,
      senderKey: "af2a1300a5e95788b356336eeecd2b92",
      recipientKey: "e39a0c7c77b43f03b4b39ab9a268699f",
      commonIv: "2ca58fb85ff1b81c0b7181b85e",
      senderNonce: "2ca58fb85ff1b81c0b7181b85e",
      recipientNonce: "2da58fb85ff1b81d0b7181b85e",
    },
  ];

  for (const { name, parameters, senderNonce, recipientNonce, ...expected } of examples) {
    test(`is derived as appendix ${name}, shows, for client and server`, () => {
      const client = deriveOscoreKeys(cryptography, parameters);
      const server = deriveOscoreKeys(cryptography, turned(parameters));
      const { senderKey, recipientKey, commonIv } = client;
      assert.deepEqual(
        { senderKey: toHex(senderKey), recipientKey: toHex(recipientKey), commonIv: toHex(commonIv) },
        expected,
      );
      assert.deepEqual(server.senderKey, client.recipientKey);
      assert.deepEqual(server.recipientKey, client.senderKey);
      assert.deepEqual(server.commonIv, client.commonIv);
      assert.equal(toHex(makeNonce(client, client.senderId, hex("00"))), senderNonce);
      assert.equal(toHex(makeNonce(client, client.recipientId, hex("00"))), recipientNonce);
    });
  }

  const refused: readonly (readonly [string, OscoreParameters])[] = [
    ["a secret that is too short", { ...salted, masterSecret: hex("0102030405060708090a0b0c0d0e0f") }],
    ["an ID that is too long", { ...salted, senderId: hex("0102030405060708") }],
    ["two IDs that are the same", { ...salted, senderId: hex("01") }],
    ["an ID context that is too long", { ...salted, idContext: new Uint8Array(65) }],
  ];
  for (const [name, parameters] of refused) {
    test(`is refused for ${name}`, () => {
      assert.throws(() => deriveOscoreKeys(cryptography, parameters), RangeError);
    });
  }
});

describe("a request with OSCORE", () => {
  const examples = [
    {
      name: "C.4",
      parameters: salted,
      unprotected: "44015d1f00003974396c6f63616c686f737483747631",
      protected: "44025d1f00003974396c6f63616c686f7374620914ff612f1092f1776f1c1668b3825e",
    },
    {
      name: "C.5",
      parameters: unsalted,
      unprotected: "440171c30000b932396c6f63616c686f737483747631",
      protected: "440271c30000b932396c6f63616c686f737463091400ff4ed339a5a379b0b8bc731fffb0",
    },
    {
      name: "C.6",
      parameters: inContext,
      unprotected: "44012f8eef9bbf7a396c6f63616c686f737483747631",
      protected: "44022f8eef9bbf7a396c6f63616c686f73746b19140837cbf3210017a2d3ff72cd7273fd331ac45cffbe55c3",
    },
  ];
  for (const { name, parameters, ...example } of examples) {
    test(`is protected and verified as appendix ${name} shows`, () => {
      const unprotected = message(example.unprotected);
      const { message: outer } = protectRequest(
        cryptography,
        deriveOscoreKeys(cryptography, parameters),
        20,
        unprotected,
      );
      assert.equal(toHex(writeCoapMessage({ ...unprotected, ...outer })), example.protected);

      const incoming = message(example.protected);
      const reading = readOscoreHeader(incoming);
      assert.equal(reading.type, "header");
      const { keyId, partialIv } = reading.header;
      assert.ok(keyId !== undefined && partialIv !== undefined);
      const keys = deriveOscoreKeys(cryptography, turned(parameters));
      const verified = unprotectRequest(cryptography, keys, { keyId, partialIv }, incoming);
      assert.equal(verified.type, "message");
      assert.equal(toHex(writeCoapMessage({ ...incoming, ...verified.message })), example.unprotected);
    });
  }
});

describe("a response with OSCORE", () => {
  const binding = { keyId: none, partialIv: hex("14") };
  const unprotected = "64455d1f00003974ff48656c6c6f20576f726c6421";
  const examples = [
    {
      name: "C.7, by the request's nonce",
      sequenceNumber: undefined,
      protected: "64445d1f0000397490ffdbaad1e9a7e7b2a813d3c31524378303cdafae119106",
    },
    {
      name: "C.8, by a partial IV of its own",
      sequenceNumber: 0,
      protected: "64445d1f00003974920100ff4d4c13669384b67354b2b6175ff4b8658c666a6cf88e",
    },
  ];
  for (const { name, sequenceNumber, ...example } of examples) {
    test(`is protected and verified as appendix ${name}, shows`, () => {
      const server = deriveOscoreKeys(cryptography, turned(salted));
      const plain = message(unprotected);
      const outer = protectResponse(cryptography, server, binding, plain, sequenceNumber);
      assert.equal(toHex(writeCoapMessage({ ...plain, ...outer })), example.protected);

      const incoming = message(example.protected);
      const reading = readOscoreHeader(incoming);
      assert.equal(reading.type, "header");
      const client = deriveOscoreKeys(cryptography, salted);
      const verified = unprotectResponse(cryptography, client, binding, reading.header, incoming.payload);
      assert.equal(verified.type, "message");
      assert.equal(toHex(writeCoapMessage({ ...incoming, ...verified.message })), unprotected);
    });
  }
});
