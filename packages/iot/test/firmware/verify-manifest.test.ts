import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import { encode, Tagged } from "cborg";
import fc from "fast-check";
import { coseVerificationKey, type FirmwareManifest, verifyManifest } from "@fairlead/iot/firmware";
import {
  device,
  digestOf,
  type EnvelopeChanges,
  hex,
  imageParameters,
  keys,
  makeEnvelope,
  makeManifest,
  map,
  signDigest,
  vendor,
} from "./signed-envelope.ts";

const verify = (envelope: Uint8Array): FirmwareManifest => verifyManifest(envelope, { keys, device });
const image = new TextEncoder().encode("an image");
const other = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** The public key of the working group's examples. */
const exampleKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEhJaBGq4LqqvSYVcYnuzaJr6qi/Eb
bz/m4rVlnIXbwK07HypLbAmBMcCjbazR14vTgdzfsJwFLbM5kdtzOLSolg==
-----END PUBLIC KEY-----
`;
const exampleKeys = [coseVerificationKey(exampleKey)];
/** Example 1: simultaneous download and installation. */
const example1 = hex(
  [
    "d86ba2025873825824822f58201f2e7acca0dc2786f2fe4eb947f50873a6a3cfaa98866c5b02e621f42074daf2584ad28443a10126a0f658404f3881",
    "a2258e17ac55342aba9d7134bb2ee1eee2a7d99191b1c99b5d73364416b8f452d17cc6bd74a66cd168b9176150d737c8eda2b3a277664fde7671cb60",
    "f0035894a50101020103585fa202818141000458568614a40150fa6b4a53d5ad5fdfbe9de663e4d41ffe02501492af1425695e48bf429b2d51f2ab45",
    "035824822f582000112233445566778899aabbccddeeff0123456789abcdeffedcba98765432100e1987d0010f020f074382030f1458258614a11578",
    "1b687474703a2f2f6578616d706c652e636f6d2f66696c652e62696e1502030f",
  ].join(""),
);
/** Example 0: secure boot of an image that is there. */
const example0 = hex(
  [
    "d86ba2025873825824822f58206658ea560262696dd1f13b782239a064da7c6c5cbaf52fded428a6fc83c7e5af584ad28443a10126a0f6584056acf3",
    "c133338f558bbbac1e73a62bffac2a0067d0f7a2e860e20b9119a61d964af04fb56c2c7618d3d74558c14f5daf7cafa8771b34ec42160f5c94250a57",
    "eb035871a50101020003585fa202818141000458568614a40150fa6b4a53d5ad5fdfbe9de663e4d41ffe02501492af1425695e48bf429b2d51f2ab45",
    "035824822f582000112233445566778899aabbccddeeff0123456789abcdeffedcba98765432100e1987d0010f020f074382030f0943821702",
  ].join(""),
);

describe("a manifest (draft-ietf-suit-manifest-34)", () => {
  test("is verified as it stands in example 1 of appendix B", () => {
    const manifest = verifyManifest(example1, { keys: exampleKeys, device });
    assert.equal(manifest.sequenceNumber, 1);
    assert.equal(manifest.signedBy, exampleKeys[0]);
    assert.deepEqual(manifest.images, [
      {
        component: [hex("00")],
        uri: "http://example.com/file.bin",
        digest: {
          algorithm: "sha256",
          bytes: hex("00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"),
        },
        sizeBytes: 34_768,
      },
    ]);
  });

  test("that only starts what is there already, as example 0, is no update", () => {
    assert.throws(() => verifyManifest(example0, { keys: exampleKeys, device }), {
      code: "FIRMWARE_MANIFEST_UNSUPPORTED",
      message: /a condition on an image that is not fetched/,
    });
    // Its signature is right: with another bit in it, it comes no further.
    const changed = example0.map((byte, at) => (at === 80 ? byte ^ 1 : byte));
    assert.throws(() => verifyManifest(changed, { keys: exampleKeys, device }), { code: "COSE_SIGNATURE_INVALID" });
  });

  test("is refused when any single bit of its envelope is another", () => {
    for (const envelope of [
      makeEnvelope({ image }),
      makeEnvelope({ image, uri: "#image", members: [["#image", image]] }),
      makeEnvelope({
        image,
        manifest: { 20: digestOf(encode(encode([21, 2]))) },
        members: [[20, encode([21, 2])]],
        shared: fetched(),
      }),
    ]) {
      verify(envelope);
      for (let bit = 0; bit < envelope.length * 8; bit += 1) {
        const changed = envelope.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        assert.throws(() => verify(changed), { code: /^(?:COSE|FIRMWARE)_/ }, `bit ${bit}`);
      }
    }
  });

  test("fails with a code of its own, whatever bytes come", () => {
    const whole = makeEnvelope({ image });
    const mutated = fc
      .tuple(fc.nat(whole.length), fc.nat(whole.length), fc.uint8Array({ maxLength: 8 }))
      .map(([from, to, bytes]) => Uint8Array.from([...whole.subarray(0, from), ...bytes, ...whole.subarray(to)]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (bytes) => {
        try {
          verify(bytes);
        } catch (error) {
          assert.match(String((error as { readonly code?: unknown }).code), /^(?:COSE|FIRMWARE)_/);
        }
      }),
    );
  });

  const accepted: readonly (readonly [string, EnvelopeChanges, readonly string[]])[] = [
    ["a component that is fetched and verified", {}, ["00 image"]],
    ["nobody to tell where the images are", { manifest: { 4: "coap://vendor/manifest" } }, ["00 image"]],
    ["a part that was cut off and is in the envelope", severed(encode([21, 2])), ["00 image"]],
    ["text that was cut off and is gone", { manifest: { 23: digestOf(encode(encode("text"))) } }, ["00 image"]],
    [
      "text that is in the envelope",
      { manifest: { 23: digestOf(encode(encode("text"))) }, members: [[23, encode("text")]] },
      ["00 image"],
    ],
    ["an image that comes along", { uri: "#image", members: [["#image", image]] }, ["00 #image"]],
    [
      "several components, each with parameters of its own",
      {
        components: [[hex("00")], [hex("01"), hex("02")]],
        shared: [12, true, 20, map(imageParameters(image)), 12, 0, 1, 15, 2, 15, 12, 1, 20, map({ 14: 8 })],
        install: [12, 0, 20, map({ 21: "a" }), 12, 1, 20, map({ 21: "b" }), 12, [1, 0], 21, 2, 3, 15],
        validate: [12, true, 3, 15],
      },
      ["0102 b", "00 a"],
    ],
    ["a start behind it", { manifest: { 9: encode([23, 2]) } }, ["00 image"]],
    [
      "payload fetch instead of install",
      { manifest: { 16: encode([20, map({ 21: "p" }), 21, 2]), 20: undefined } },
      ["00 p"],
    ],
    ["several signatures", { signers: [other.privateKey, vendor.privateKey] }, ["00 image"]],
  ];
  for (const [name, changes, images] of accepted) {
    test(`may have ${name}`, () => {
      const manifest = verify(makeEnvelope({ image, ...changes }));
      const found = manifest.images.map(
        ({ component, uri }) => `${component.map((id) => Buffer.from(id).toString("hex")).join("")} ${uri}`,
      );
      assert.deepEqual(found, images);
    });
  }

  const refused: readonly (readonly [string, EnvelopeChanges | Uint8Array, string])[] = [
    ["nobody has signed", { signers: [] }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["somebody else has signed", { signers: [other.privateKey] }, "COSE_SIGNATURE_INVALID"],
    [
      "too many have signed",
      { signers: Array.from({ length: 9 }, () => vendor.privateKey) },
      "FIRMWARE_MANIFEST_MALFORMED",
    ],
    ["is another than the signed one", withOtherManifest(), "COSE_SIGNATURE_INVALID"],
    ["has no tag", makeEnvelope({ image }).subarray(2), "FIRMWARE_MANIFEST_MALFORMED"],
    ["has a member in its envelope that is not known", { members: [[99, image]] }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["has dependencies in its envelope", { members: [[15, image]] }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["has a part in its envelope that it does not name", { members: [[23, image]] }, "FIRMWARE_MANIFEST_MALFORMED"],
    [
      "has another part in its envelope than it names",
      { ...severed(encode([21, 2])), members: [[20, encode([21, 3])]] },
      "FIRMWARE_MANIFEST_MALFORMED",
    ],
    ["misses a part that was cut off", { ...severed(encode([21, 2])), members: [] }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["has an image in its envelope that it does not name", { members: [["#image", image]] }, "FIRMWARE_IMAGE_MISMATCH"],
    [
      "has another image in its envelope",
      { uri: "#image", members: [["#image", hex("00")]] },
      "FIRMWARE_IMAGE_MISMATCH",
    ],
    ["has another version", { manifest: { 1: 2 } }, "FIRMWARE_MANIFEST_UNSUPPORTED"],
    ["has no sequence number", { manifest: { 2: undefined } }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["has a sequence number below 0", { manifest: { 2: -1 } }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["has a member that is not known", { manifest: { 8: encode([3, 15]) } }, "FIRMWARE_MANIFEST_UNSUPPORTED"],
    ["has dependencies", { manifest: { 15: encode([3, 15]) } }, "FIRMWARE_MANIFEST_UNSUPPORTED"],
    ["has no common part", { manifest: { 3: undefined } }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["has no components", { components: [] }, "FIRMWARE_MANIFEST_MALFORMED"],
    [
      "has too many components",
      { components: Array.from({ length: 65 }, () => [hex("00")]) },
      "FIRMWARE_MANIFEST_UNSUPPORTED",
    ],
    ["has a component that is no name", { components: [["a"]] }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["has a command without its argument", { install: [21] }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["has no reporting policy behind a command", { install: [21, map({})] }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["has a command of somebody's own", { install: [-257, 0] }, "FIRMWARE_MANIFEST_OR"],
    ["has a command that is not understood", { install: [22, 2] }, "FIRMWARE_MANIFEST_UNSUPPORTED"],
    ["has try-each", { shared: [15, [encode([1, 15])]] }, "FIRMWARE_MANIFEST_OR"],
    [
      "has a parameter that is not understood",
      { install: [20, map({ 19: 1 }), 21, 2] },
      "FIRMWARE_MANIFEST_UNSUPPORTED",
    ],
    ["fetches where it is verified", { validate: [21, 2] }, "FIRMWARE_MANIFEST_UNSUPPORTED"],
    ["starts where it is installed", { install: [23, 2] }, "FIRMWARE_MANIFEST_UNSUPPORTED"],
    ["fetches an image twice", { install: [20, map({ 21: "a" }), 21, 2, 21, 2] }, "FIRMWARE_MANIFEST_UNSUPPORTED"],
    ["fetches an image without URI", { install: [21, 2] }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["fetches an image without size", { shared: without(14) }, "FIRMWARE_MANIFEST_MALFORMED"],
    ["fetches an image without digest", { shared: without(3) }, "FIRMWARE_MANIFEST_MALFORMED"],
    [
      "has two digests for one image",
      { validate: [20, map({ 3: encode(digestOf(hex("00"))) }), 3, 15] },
      "FIRMWARE_MANIFEST_MALFORMED",
    ],
    [
      "has a digest by an algorithm that is not known",
      { validate: [20, map({ 3: encode([-15, hex("00")]) }), 3, 15] },
      "FIRMWARE_MANIFEST_MALFORMED",
    ],
    [
      "has a digest of other length",
      { validate: [20, map({ 3: encode([-16, hex("00")]) }), 3, 15] },
      "FIRMWARE_MANIFEST_MALFORMED",
    ],
    ["is for a component that there is not", { install: [12, 1, 21, 2] }, "FIRMWARE_MANIFEST_MALFORMED"],
    [
      "is for another vendor",
      { shared: [20, map({ ...imageParameters(image), 1: new Uint8Array(16) }), 1, 15, 2, 15] },
      "FIRMWARE_NOT_FOR_DEVICE",
    ],
    [
      "is for another class",
      { shared: [20, map({ ...imageParameters(image), 2: new Uint8Array(16) }), 1, 15, 2, 15] },
      "FIRMWARE_NOT_FOR_DEVICE",
    ],
    [
      "is for one device that this is not",
      { shared: [20, map({ ...imageParameters(image), 24: new Uint8Array(16) }), 1, 15, 2, 15, 24, 15] },
      "FIRMWARE_NOT_FOR_DEVICE",
    ],
    ["asks for a vendor that it does not name", { shared: [1, 15] }, "FIRMWARE_NOT_FOR_DEVICE"],
    [
      "does not say for which class it is",
      { shared: [20, map(imageParameters(image)), 1, 15] },
      "FIRMWARE_NOT_FOR_DEVICE",
    ],
  ];
  for (const [name, changes, code] of refused) {
    test(`is refused that ${name}`, () => {
      const envelope = changes instanceof Uint8Array ? changes : makeEnvelope({ image, ...changes });
      const expected = code.endsWith("_OR") ? /^FIRMWARE_MANIFEST_/ : code;
      assert.throws(() => verify(envelope), { code: expected });
    });
  }

  test("may be signed by others besides, but by nobody in the name of a key that is trusted", () => {
    const keyId = new TextEncoder().encode("vendor");
    const named = [coseVerificationKey(vendor.publicKey, { keyId }), coseVerificationKey(other.publicKey)];
    const manifest = makeManifest();
    const digest = encode(digestOf(encode(manifest)));
    const envelope = (...signatures: readonly Uint8Array[]): Uint8Array =>
      encode(new Tagged(107, map({ 2: encode([digest, ...signatures]), 3: manifest })));
    const good = signDigest(digest, vendor.privateKey, keyId);
    const foreign = signDigest(digest, other.privateKey, new TextEncoder().encode("other"));
    const forged = signDigest(digest, other.privateKey, keyId);
    for (const signatures of [[good], [good, foreign], [foreign, good]]) {
      assert.equal(verifyManifest(envelope(...signatures), { keys: named, device }).signedBy, named[0]);
    }
    for (const signatures of [[forged], [good, forged], [forged, good]]) {
      assert.throws(() => verifyManifest(envelope(...signatures), { keys: named, device }), {
        code: "COSE_SIGNATURE_INVALID",
      });
    }
    assert.throws(() => verifyManifest(envelope(foreign), { keys: named, device }), { code: "COSE_KEY_UNKNOWN" });
  });

  test("is refused above its limit, and by a device whose identity is none", () => {
    const envelope = makeEnvelope({ image });
    assert.throws(() => verifyManifest(envelope, { keys, device, maxEnvelopeBytes: envelope.length - 1 }), {
      code: "FIRMWARE_TOO_LARGE",
    });
    verifyManifest(envelope, { keys, device, maxEnvelopeBytes: envelope.length });
    assert.throws(() => verifyManifest(envelope, { keys, device: { ...device, classIds: ["1"] } }), {
      code: "OPTION_INVALID",
    });
    assert.throws(() => verifyManifest(envelope, { keys: [], device }), { code: "COSE_KEY_UNKNOWN" });
  });

  test("is a copy: what becomes of the envelope does not matter", () => {
    const envelope = makeEnvelope({ image, uri: "#image", members: [["#image", image]] });
    const manifest = verify(envelope);
    envelope.fill(0);
    assert.deepEqual(manifest.integratedImages.get("#image"), image);
  });
});

function severed(part: Uint8Array): EnvelopeChanges {
  return { manifest: { 20: digestOf(encode(part)) }, members: [[20, part]], shared: fetched() };
}

/** Shared commands with all that a fetch needs. */
function fetched(): readonly unknown[] {
  return [20, map({ ...imageParameters(image), 21: "image" }), 1, 15, 2, 15];
}

function without(parameter: number): readonly unknown[] {
  const parameters = Object.entries(imageParameters(image)).filter(([key]) => Number(key) !== parameter);
  return [20, map(Object.fromEntries(parameters)), 1, 15, 2, 15];
}

function withOtherManifest(): Uint8Array {
  const digest = encode(digestOf(encode(hex("00"))));
  return replaceAuthentication(() => [digest, signDigest(digest, vendor.privateKey)]);
}

function replaceAuthentication(change: (blocks: readonly unknown[]) => readonly unknown[]): Uint8Array {
  const manifest = encode(map({ 1: 1 }));
  const digest = encode(digestOf(encode(manifest)));
  const blocks = change([digest, signDigest(digest, vendor.privateKey)]);
  return encode(new Tagged(107, map({ 2: encode(blocks), 3: manifest })));
}
