import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, type JsonWebKeyInput, type KeyObject, sign } from "node:crypto";
import { describe, test } from "node:test";
import { encode, Tagged } from "cborg";
import fc from "fast-check";
import { coseVerificationKey } from "../../src/cose/verification-key.ts";
import { verifySign1 } from "../../src/cose/verify-sign1.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const jwk = (key: JsonWebKeyInput["key"]): KeyObject => createPublicKey({ key, format: "jwk" });
const content = Buffer.from("This is the content.").toString("hex");

const p256 = coseVerificationKey(
  jwk({
    ...{ kty: "EC", crv: "P-256" },
    x: "usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8",
    y: "IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4",
  }),
  { keyId: text("11") },
);
const p384 = coseVerificationKey(
  jwk({
    ...{ kty: "EC", crv: "P-384" },
    x: "kTJyP2KSsBBhnb4kjWmMF7WHVsY55xUPgb7k64rDcjatChoZ1nvjKmYmPh5STRKc",
    y: "mM0weMVU2DKsYDxDJkEP9hZiRZtB8fPfXbzINZj_fF7YQRynNWedHEyzAJOX2e8s",
  }),
  { keyId: text("P384") },
);
const p521 = coseVerificationKey(
  jwk({
    ...{ kty: "EC", crv: "P-521" },
    x: "AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt",
    y: "AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1",
  }),
  { keyId: text("bilbo.baggins@hobbiton.example") },
);
const ed448 = coseVerificationKey(
  encode(
    new Map<number, unknown>([
      [1, 1],
      [2, text("3d448")],
      [-1, 7],
      [
        -2,
        hex(
          "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180",
        ),
      ],
    ]),
  ),
);
const keys = [p256, p384, p521, ed448];
const r = "eae868ecc176883766c5dc5ba5b8dca25dab3c2e56a551ce5705b793914348e1";
const kid = "a104423131";
const es256 = `43a10126${kid}54${content}5840${r}9f43d6c6ba654472da301b645b293c9ba939295b97c4bdb847782bff384c5794`;

describe("a signature of COSE (RFC 9052 section 4.4)", () => {
  const accepted = [
    {
      name: "ES256, with a content type",
      bytes: `d28445a201260300${kid}54${content}5840${r}72727f48461fabbba2e343492ddecac3983686250bc68e9f1a7a07d41225b59f`,
    },
    { name: "ES256", bytes: `d284${es256}` },
    {
      name: "ES256, with external data",
      bytes: `d28443a10126${kid}54${content}5840${r}55388b10c4f1b59a6733eab416870a945111a4b2fbdbef33a77234b1deff2f9b`,
      externalData: hex("11aa22bb33cc44dd55006699"),
    },
    {
      name: "ES384",
      bytes:
        `d28444a1013822a1044450333834 54${content}5860b8f85eff78c88f5351ced2f1887b79b296490795594b62e41e22529bb90208b7d8cddd4a46d0e9c986464d83d0a5d1edf39b3e2c5750364230d0e8d76460d8808e76c83830fbbd1978cc174066eb437f17887979ecf027dcc9d51baf6c4fd8c0`.replace(
          " ",
          "",
        ),
    },
    {
      name: "ES512",
      bytes: `d28444a1013823a104581e62696c626f2e62616767696e7340686f626269746f6e2e6578616d706c6554${content}5884000f348009badc7da478150aa7fa06dfd812cdf826344f17c7330563573d8f97f7a966924c3d88b108907235476e3f6bea9f3890027792b0f94e905c217227cf064e00a6bc6a5187d0df9b1db7675aecfc678ce4692a8121eb8170f3592a859d518fd3b823091aab22e6c41eb97ed92127ce8c46dcc715a247cb78921fad1e19133afc30`,
    },
    {
      name: "EdDSA with Ed448",
      bytes:
        `d28443a10127a1044533643434 3854${content}5872988240a3a2f189bd486de14aa77f54686c576a09f2e7ed9bae910df9139c2ac3be7c27b7e10a20fa17c9d57d3510a2cf1f634bc0345ab9be00849842171d1e9e98b2674c0e38bfcf6c557a1692b01b71015a47ac9f7748840cad1da80cbb5b349309febb912672b377c8b2072af1598b3700`.replace(
          " ",
          "",
        ),
    },
  ];
  for (const { name, bytes, ...options } of accepted) {
    test(`is verified in the working group's example of ${name}`, () => {
      const { payload } = verifySign1(hex(bytes), { keys, ...options });
      assert.equal(Buffer.from(payload).toString(), "This is the content.");
    });
  }

  const refused = [
    { name: "another tag (sign-fail-01)", bytes: `d903e684${es256}`, code: "COSE_MALFORMED" },
    {
      name: "no tag (sign-pass-03, which leaves the kind of message to guess)",
      bytes: `84${es256}`,
      code: "COSE_MALFORMED",
    },
    {
      name: "another payload (sign-fail-02)",
      bytes: `d284${es256}`.replace("6e742e", "6e742f"),
      code: "COSE_SIGNATURE_INVALID",
    },
    {
      name: "a number that is no algorithm (sign-fail-03)",
      bytes: `d28445a1013903e6${es256.slice(8)}`,
      code: "COSE_UNSUPPORTED",
    },
    {
      name: "a text that is no algorithm (sign-fail-04)",
      bytes: `d2844aa10167756e6b6e6f776e${es256.slice(8)}`,
      code: "COSE_UNSUPPORTED",
    },
    {
      name: "a protected header that was added (sign-fail-06)",
      bytes: `d28445a201260300${es256.slice(8)}`,
      code: "COSE_SIGNATURE_INVALID",
    },
    {
      name: "a protected header that was taken away (sign-fail-07)",
      bytes: `d28443a10126${kid}54${content}5840${r}72727f48461fabbba2e343492ddecac3983686250bc68e9f1a7a07d41225b59f`,
      code: "COSE_SIGNATURE_INVALID",
    },
    {
      name: "an algorithm that is not protected (sign-pass-01)",
      bytes: `d28441a0a20126044231315454${content}`,
      code: "COSE_MALFORMED",
    },
    {
      name: "an algorithm that is not protected, in a form",
      bytes: `d28440a2012604423131${es256.slice(18)}`,
      code: "COSE_UNSUPPORTED",
    },
    { name: "a key that nobody trusts", bytes: `d284${es256}`.replace("423131", "423132"), code: "COSE_KEY_UNKNOWN" },
    { name: "an algorithm that is not the key's", bytes: `d28443a10127${es256.slice(8)}`, code: "COSE_KEY_UNKNOWN" },
    { name: "a header that is there twice", bytes: `d28443a10126a20126${es256.slice(10)}`, code: "COSE_MALFORMED" },
    {
      name: "a critical header that is not understood",
      bytes: `d28449a3012602811864186401${es256.slice(8)}`,
      code: "COSE_MALFORMED",
    },
    {
      name: "a critical header that is not understood, in a form",
      bytes: `d2844aa301260281186418640 1${es256.slice(8)}`.replace(" ", ""),
      code: "COSE_UNSUPPORTED",
    },
    { name: "a critical header that is missing", bytes: `d28446a20126028104${es256.slice(8)}`, code: "COSE_MALFORMED" },
    {
      name: "critical headers that are not protected",
      bytes: `d28443a10126a202810104423131${es256.slice(18)}`,
      code: "COSE_MALFORMED",
    },
    {
      name: "no critical headers where they are announced",
      bytes: `d28445a2012602 80${es256.slice(8)}`.replace(" ", ""),
      code: "COSE_MALFORMED",
    },
    { name: "a payload that is missing", bytes: `d28443a10126${kid}f65840${r}${r}`, code: "COSE_MALFORMED" },
    {
      name: "a signature of other length",
      bytes: `d28443a10126${kid}54${content}5841${r}9f43d6c6ba654472da301b645b293c9ba939295b97c4bdb847782bff384c579400`,
      code: "COSE_SIGNATURE_INVALID",
    },
    { name: "five parts", bytes: `d285${es256}00`, code: "COSE_MALFORMED" },
    { name: "something behind it", bytes: `d284${es256}00`, code: "COSE_MALFORMED" },
    { name: "nothing", bytes: "", code: "COSE_MALFORMED" },
  ];
  for (const { name, bytes, code } of refused) {
    test(`is refused for ${name}`, () => {
      assert.throws(() => verifySign1(hex(bytes), { keys }), { code });
    });
  }

  test("is refused when any single bit of the message is another", () => {
    const whole = hex(`d284${es256}`);
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const changed = whole.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      assert.throws(() => verifySign1(changed, { keys }), { code: /^COSE_/ }, `bit ${bit}`);
    }
  });

  test("fails with a code of its own, whatever bytes come", () => {
    const whole = hex(`d284${es256}`);
    const mutated = fc
      .tuple(fc.nat(whole.length), fc.nat(whole.length), fc.uint8Array({ maxLength: 8 }))
      .map(([from, to, bytes]) => Uint8Array.from([...whole.subarray(0, from), ...bytes, ...whole.subarray(to)]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
        try {
          verifySign1(bytes, { keys });
        } catch (error) {
          assert.match(String((error as { readonly code?: unknown }).code), /^COSE_/);
        }
      }),
    );
  });

  test("that is detached goes with the payload that is given, and with no other", () => {
    const bytes = hex(`d284${es256.replace(`54${content}`, "f6")}`);
    verifySign1(bytes, { keys, detachedPayload: text("This is the content.") });
    assert.throws(() => verifySign1(bytes, { keys, detachedPayload: text("this is the content.") }), {
      code: "COSE_SIGNATURE_INVALID",
    });
    assert.throws(() => verifySign1(hex(`d284${es256}`), { keys, detachedPayload: text("two") }), {
      code: "COSE_MALFORMED",
    });
  });

  test("is refused when it is written in DER, which says the same in other bytes", () => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const headers = encode(new Map([[1, -7]]));
    const signed = encode(["Signature1", headers, text(""), text("image")]);
    const verify = (signature: Uint8Array): unknown =>
      verifySign1(encode(new Tagged(18, [headers, new Map(), text("image"), signature])), {
        keys: [coseVerificationKey(publicKey)],
      });
    verify(new Uint8Array(sign("sha256", signed, { key: privateKey, dsaEncoding: "ieee-p1363" })));
    const der = new Uint8Array(sign("sha256", signed, { key: privateKey, dsaEncoding: "der" }));
    assert.throws(() => verify(der), { code: "COSE_SIGNATURE_INVALID" });
  });

  for (const [name, number, kind] of [
    ["Ed25519", -8, "ed25519"],
    ["Ed25519 (RFC 9864)", -19, "ed25519"],
    ["PS256", -37, "rsa"],
    ["ESP256 (RFC 9864)", -9, "ec"],
  ] as const) {
    test(`is verified by ${name}, and by its own key only`, () => {
      const make = (): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } =>
        kind === "rsa"
          ? generateKeyPairSync("rsa", { modulusLength: 2048 })
          : kind === "ec"
            ? generateKeyPairSync("ec", { namedCurve: "P-256" })
            : generateKeyPairSync("ed25519");
      const { publicKey, privateKey } = make();
      const headers = encode(new Map([[1, number]]));
      const signed = encode(["Signature1", headers, text(""), text("image")]);
      const signature = sign(kind === "ed25519" ? undefined : "sha256", signed, {
        key: privateKey,
        ...(kind === "rsa" ? { padding: 6, saltLength: 32 } : {}),
        ...(kind === "ec" ? { dsaEncoding: "ieee-p1363" } : {}),
      });
      const bytes = encode(new Tagged(18, [headers, new Map(), text("image"), new Uint8Array(signature)]));
      const mine = coseVerificationKey(publicKey);
      const pem = coseVerificationKey(publicKey.export({ format: "pem", type: "spki" }).toString());
      const other = coseVerificationKey(make().publicKey);
      assert.equal(verifySign1(bytes, { keys: [other, mine] }).key, mine);
      assert.equal(verifySign1(bytes, { keys: [pem] }).key, pem);
      assert.throws(() => verifySign1(bytes, { keys: [other] }), { code: "COSE_SIGNATURE_INVALID" });
    });
  }
});

describe("a key of COSE (RFC 9052 section 7)", () => {
  const x = new Uint8Array(32).fill(1);
  const refused: readonly (readonly [string, Uint8Array | string | KeyObject])[] = [
    ["no CBOR", hex("ff")],
    ["no map", encode([1])],
    [
      "a symmetric key",
      encode(
        new Map<number, unknown>([
          [1, 4],
          [-1, x],
        ]),
      ),
    ],
    [
      "a private key",
      encode(
        new Map<number, unknown>([
          [1, 1],
          [-1, 6],
          [-2, x],
          [-4, x],
        ]),
      ),
    ],
    [
      "a compressed point",
      encode(
        new Map<number, unknown>([
          [1, 2],
          [-1, 1],
          [-2, x],
          [-3, true],
        ]),
      ),
    ],
    [
      "a point off the curve",
      encode(
        new Map<number, unknown>([
          [1, 2],
          [-1, 1],
          [-2, x],
          [-3, x],
        ]),
      ),
    ],
    [
      "a coordinate that is too short",
      encode(
        new Map<number, unknown>([
          [1, 1],
          [-1, 6],
          [-2, x.subarray(1)],
        ]),
      ),
    ],
    [
      "the curve of another type",
      encode(
        new Map<number, unknown>([
          [1, 2],
          [-1, 6],
          [-2, x],
          [-3, x],
        ]),
      ),
    ],
    [
      "X25519",
      encode(
        new Map<number, unknown>([
          [1, 1],
          [-1, 4],
          [-2, x],
        ]),
      ),
    ],
    [
      "an algorithm of another curve",
      encode(
        new Map<number, unknown>([
          [1, 1],
          [3, -7],
          [-1, 6],
          [-2, x],
        ]),
      ),
    ],
    [
      "a key that only signs",
      encode(
        new Map<number, unknown>([
          [1, 1],
          [4, [1]],
          [-1, 6],
          [-2, x],
        ]),
      ),
    ],
    ["an RSA key that is too short", generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey],
    ["a curve that COSE does not know here", generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey],
    ["a private key of Node's", generateKeyPairSync("ed25519").privateKey],
    [
      "a private key in PEM",
      generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    ],
    ["a text that is no PEM", "key"],
  ];
  for (const [name, source] of refused) {
    test(`is refused for ${name}`, () => {
      assert.throws(() => coseVerificationKey(source), { code: "COSE_KEY_UNUSABLE" });
    });
  }
});
