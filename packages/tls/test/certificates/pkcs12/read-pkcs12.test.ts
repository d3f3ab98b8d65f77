import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createSecureContext } from "node:tls";
import fc from "fast-check";
import { UsageError } from "@fairlead/core";
import { readPkcs12 } from "../../../src/certificates/index.ts";
import { derivePkcs12Key, bmpPassphrase } from "../../../src/certificates/pkcs12/key-derivation.ts";
import { decryptRc2Cbc } from "../../../src/certificates/pkcs12/rc2.ts";
import { der, integer, mint, mintKeys, oid, type Keys } from "../mint.ts";

const root = { subject: "Root", keys: mintKeys(), ca: true };
const middle = { subject: "Middle", keys: mintKeys(), by: root, ca: true };
const leaf = { subject: "a.test", keys: mintKeys(), by: middle, names: ["a.test"] };
const [rootDer, middleDer, leafDer] = [mint(root), mint(middle), mint(leaf)];

describe("a PKCS #12 file of OpenSSL", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fairlead-pkcs12-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  function write(
    passphrase: string,
    options: readonly string[] = [],
    keys: Keys = leaf.keys,
    certificate = leafDer,
  ): Buffer {
    const paths = {
      key: join(folder, "key"),
      leaf: join(folder, "leaf"),
      others: join(folder, "others"),
      out: join(folder, "out"),
    };
    writeFileSync(paths.key, keys.privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(paths.leaf, pem(certificate));
    // The root first: the order of a file says nothing.
    writeFileSync(paths.others, pem(rootDer) + pem(middleDer));
    const files = ["-inkey", paths.key, "-in", paths.leaf, "-certfile", paths.others, "-out", paths.out];
    execFileSync("openssl", ["pkcs12", "-export", ...files, "-passout", `pass:${passphrase}`, ...options]);
    return readFileSync(paths.out);
  }

  for (const [title, options] of [
    ["AES-256", []],
    ["AES-128 and a code of SHA-512", ["-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC", "-macalg", "sha512"]],
    ["triple DES by PBES2", ["-keypbe", "DES-EDE3-CBC", "-certpbe", "DES-EDE3-CBC"]],
    ["RC2 with 40 bits and triple DES, as older systems write", ["-legacy"]],
    ["RC2 with 128 bits", ["-legacy", "-certpbe", "PBE-SHA1-RC2-128"]],
    ["triple DES with two keys", ["-legacy", "-certpbe", "PBE-SHA1-2DES"]],
    ["nothing but a code", ["-keypbe", "NONE", "-certpbe", "NONE"]],
    ["no code", ["-nomac"]],
    ["many iterations", ["-iter", "50000"]],
  ] as const) {
    test(`is read: ${title}`, async () => {
      const { identity, certificates } = await readPkcs12(write("open sesame", options), "open sesame");
      assert.ok(identity);
      assert.equal(identity.certificate, pem(leafDer) + pem(middleDer));
      assert.deepEqual(certificates.map((each) => new X509Certificate(each).subject).sort(), [
        "CN=Middle",
        "CN=Root",
        "CN=a.test",
      ]);
      const publicKey = createPublicKey(createPrivateKey(identity.privateKey)).export({ type: "spki", format: "pem" });
      assert.equal(publicKey, leaf.keys.publicKey.export({ type: "spki", format: "pem" }));
      createSecureContext({ cert: identity.certificate, key: identity.privateKey });
    });
  }

  test("is read with an RSA key", async () => {
    const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { identity } = await readPkcs12(write("x", [], keys, mint({ ...leaf, keys })), "x");
    assert.equal(createPrivateKey(identity?.privateKey ?? "").asymmetricKeyType, "rsa");
  });

  test("is read with no passphrase, and with one of any characters", async () => {
    for (const passphrase of ["", "pässwörd", "🔑"]) {
      for (const options of [[], ["-legacy"]]) {
        assert.ok((await readPkcs12(write(passphrase, options), passphrase)).identity, passphrase);
      }
    }
  });

  test("is refused with another passphrase, with a code and without", async () => {
    for (const options of [[], ["-legacy"], ["-nomac"], ["-legacy", "-nomac"]]) {
      const file = write("right", options);
      for (const wrong of ["wrong", "", "right "]) {
        await assert.rejects(readPkcs12(file, wrong), (error) => {
          assert.ok(error instanceof UsageError, String(error));
          assert.match(error.message, options.length === 0 ? /passphrase/ : /PKCS #12/);
          assert.doesNotMatch(error.message, /right|wrong/);
          return true;
        });
      }
    }
  });

  test("is read or refused, whatever is changed in it", async () => {
    const files = [write("x"), write("x", ["-nomac"]), write("x", ["-legacy", "-nomac"])];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.nat(), fc.nat(255), async (file, at, byte) => {
        const changed = Uint8Array.from(file);
        changed[at % changed.length] = byte;
        await readPkcs12(changed, "x").catch((error: unknown) => {
          assert.ok(error instanceof UsageError && error.code === "OPTION_INVALID", String(error));
        });
      }),
      { numRuns: 150 },
    );
  });
});

test("a file that asks for more work than any tool writes is refused before the work", async () => {
  const data = (content: Buffer): Buffer => der(0x30, oid("1.2.840.113549.1.7.1"), der(0xa0, der(0x04, content)));
  const salt = der(0x04, Buffer.alloc(8));
  const pfx = (iterations: number): Buffer => {
    const digest = der(0x30, der(0x30, oid("2.16.840.1.101.3.4.2.1")), der(0x04, Buffer.alloc(32)));
    return der(0x30, integer(3), data(der(0x30)), der(0x30, digest, salt, integer(iterations)));
  };
  await assert.rejects(readPkcs12(pfx(2), "x"), /passphrase of a PKCS #12 file/);
  for (const iterations of [5_000_001, 0x7fff_ffff, 0]) {
    await assert.rejects(readPkcs12(pfx(iterations), "x"), /too many iterations/);
  }
  const parameters = der(0x30, salt, integer(2_000_000));
  const bag = der(
    0x30,
    oid("1.2.840.113549.1.12.10.1.2"),
    der(0xa0, der(0x30, der(0x30, oid("1.2.840.113549.1.12.1.9"), parameters), der(0x04))),
  );
  await assert.rejects(
    readPkcs12(der(0x30, integer(3), data(der(0x30, data(der(0x30, bag))))), "x"),
    /encrypted with 1\.2\.840/,
  );
});

test("what is no PKCS #12 is refused", async () => {
  for (const file of [Buffer.alloc(0), Buffer.from("nonsense"), leafDer, Buffer.alloc(2 << 20)]) {
    await assert.rejects(
      readPkcs12(file, ""),
      (error) => error instanceof UsageError && error.code === "OPTION_INVALID",
    );
  }
});

test("RC2 is the RC2 of RFC 2268 section 5", () => {
  for (const [key, bits, plain, encrypted] of [
    ["0000000000000000", 63, "0000000000000000", "ebb773f993278eff"],
    ["ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"],
    ["3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"],
    ["88", 64, "0000000000000000", "61a8a244adacccf0"],
    ["88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"],
    ["88bca90e90875a7f0f79c384627bafb2", 64, "0000000000000000", "1a807d272bbe5db1"],
    ["88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"],
  ] as const) {
    // A second block shows the first: it is turned into padding by what stands where the first was.
    const first = Buffer.from(encrypted, "hex");
    const padding = Buffer.from(plain, "hex").map((byte) => byte ^ 8);
    assert.deepEqual(
      decryptRc2Cbc(Buffer.from(key, "hex"), bits, padding, first),
      Buffer.alloc(0),
      `${key} ${String(bits)}`,
    );
  }
  assert.equal(decryptRc2Cbc(Buffer.alloc(5), 40, Buffer.alloc(8), Buffer.alloc(7)), undefined);
  assert.equal(decryptRc2Cbc(Buffer.alloc(5), 40, Buffer.alloc(8), Buffer.alloc(0)), undefined);
});

test("keys are derived as RFC 7292 appendix B has it", async () => {
  const derive = async (hash: "sha1" | "sha256", use: "key" | "iv" | "mac", length: number): Promise<string> => {
    const salt = Buffer.from("0a58cf64530d823f", "hex");
    return (await derivePkcs12Key(hash, bmpPassphrase("smeg"), salt, { use, iterations: 1, length })).toString("hex");
  };
  assert.equal(await derive("sha1", "key", 24), "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3");
  assert.equal((await derive("sha256", "mac", 100)).length, 200);
});

function pem(certificate: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replace(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}
