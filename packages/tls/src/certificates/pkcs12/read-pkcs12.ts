import { createHmac, createPrivateKey, createPublicKey, timingSafeEqual } from "node:crypto";
import { UsageError } from "@fairlead/core";
import type { TlsIdentity } from "../../contract.ts";
import { type Certificate, isSelfIssued } from "../path/protocol/certificate.ts";
import { readAlgorithm } from "../path/protocol/algorithms.ts";
import {
  contextTag,
  DerFields,
  type DerNode,
  derTag,
  MalformedDer,
  readOid,
  readUnsigned,
} from "../path/protocol/der-node.ts";
import { readBer } from "../path/read-ber.ts";
import { parseCertificate } from "../path/verify-path.ts";
import {
  bmpPassphrase,
  DerivationBudget,
  derivePbkdf2Key,
  derivePkcs12Key,
  type Pkcs12Hash,
} from "./key-derivation.ts";
import {
  decryptByPassphrase,
  hmacHashes,
  type Passphrase,
  pbkdf2Oid,
  readPbkdf2Parameters,
  WrongPassphrase,
} from "./passphrase-encryption.ts";

/** What is in a PKCS #12 file. */
export interface Pkcs12Contents {
  /** The first key that has a certificate, with that and its issuers as far as they are there, without the root. */
  readonly identity: TlsIdentity | undefined;
  /** All certificates in their order, DER. */
  readonly certificates: readonly Uint8Array[];
}

/**
 * Reads a PKCS #12 file (`.p12`, `.pfx`): a private key and the certificates that belong to it, encrypted by PBES2, or as
 * older systems do. The passphrase is checked first; a file that asks for more work than any tool writes is refused.
 *
 * @throws UsageError OPTION_INVALID for another passphrase, and for a file that cannot be read.
 * @see RFC 7292
 */
export async function readPkcs12(file: Uint8Array, passphrase: string): Promise<Pkcs12Contents> {
  try {
    const reader = await openFile(file, passphrase);
    const bags = await readSafe(reader);
    return { identity: chooseIdentity(bags), certificates: bags.certificates.map(({ der }) => der) };
  } catch (cause) {
    if (cause instanceof WrongPassphrase) {
      const remedy = "give the passphrase that the file was made with";
      throw new UsageError("OPTION_INVALID", { detail: "the passphrase of a PKCS #12 file", remedy, cause });
    }
    if (!(cause instanceof MalformedDer)) throw cause;
    throw new UsageError("OPTION_INVALID", {
      detail: `a PKCS #12 file that cannot be read: ${cause.message}`,
      remedy: "export key and certificates again, with AES-256 and a passphrase",
      cause,
    });
  }
}

interface OpenFile {
  /** AuthenticatedSafe, unread. */
  readonly safe: Uint8Array;
  readonly passphrase: Passphrase;
  readonly budget: DerivationBudget;
}

interface Bags {
  readonly certificates: readonly Certificate[];
  /** PrivateKeyInfo in DER. */
  readonly keys: readonly Buffer[];
}

const contentType = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
} as const;

const bagType = {
  key: "1.2.840.113549.1.12.10.1.1",
  shroudedKey: "1.2.840.113549.1.12.10.1.2",
  certificate: "1.2.840.113549.1.12.10.1.3",
  nested: "1.2.840.113549.1.12.10.1.6",
} as const;
const x509Certificate = "1.2.840.113549.1.9.22.1";
const explicit = contextTag(0, "constructed");
const maxDepth = 4;

/** Checks the code that covers the whole file. RFC 7292 section 4. */
async function openFile(file: Uint8Array, text: string): Promise<OpenFile> {
  const fields = new DerFields(readBer(file));
  if (readUnsigned(fields.any()) !== 3) throw new MalformedDer("it is of another version");
  const { type, content } = readContentInfo(fields.any());
  if (type !== contentType.data) throw new MalformedDer("it is protected by a public key");
  const safe = octetsOf(content);
  const mac = fields.optional(derTag.sequence);
  fields.end();
  const budget = new DerivationBudget();
  const utf8 = Buffer.from(text);
  // Tools do not agree on what no passphrase is.
  const forms = [bmpPassphrase(text), ...(text === "" ? [Buffer.alloc(0)] : [])].map((bmp) => ({ utf8, bmp }));
  for (const passphrase of forms) {
    if (mac === undefined || (await macFits(mac, safe, passphrase, budget))) return { safe, passphrase, budget };
  }
  throw new WrongPassphrase("the authentication code is another");
}

async function macFits(
  mac: DerNode,
  safe: Uint8Array,
  passphrase: Passphrase,
  budget: DerivationBudget,
): Promise<boolean> {
  const fields = new DerFields(mac);
  const digest = new DerFields(fields.any());
  const algorithm = readAlgorithm(digest.any());
  const expected = digest.take(derTag.octetString).content;
  const salt = fields.take(derTag.octetString).content;
  const iterationsNode = fields.optional(derTag.integer);
  const iterations = iterationsNode === undefined ? 1 : readUnsigned(iterationsNode);
  let code: Buffer;
  if (algorithm.oid === pbmac1) {
    const parameters = new DerFields(algorithm.parameters ?? mac);
    const derivation = readAlgorithm(parameters.any());
    const hash = hmacHashes[readAlgorithm(parameters.any()).oid];
    const { salt: own, iterations: rounds, keyBytes, hash: prf } = readPbkdf2Parameters(derivation.parameters);
    if (derivation.oid !== pbkdf2Oid || hash === undefined || keyBytes === undefined || keyBytes > 128) {
      throw new MalformedDer("its authentication code is unknown");
    }
    budget.spend(rounds);
    const key = await derivePbkdf2Key(passphrase.utf8, own, rounds, keyBytes, prf);
    code = createHmac(hash, key).update(safe).digest();
  } else {
    const hash = hashes[algorithm.oid];
    if (hash === undefined) throw new MalformedDer("its authentication code is unknown");
    budget.spend(iterations);
    const length = createHmac(hash, "").digest().length;
    const key = await derivePkcs12Key(hash, passphrase.bmp, salt, { use: "mac", iterations, length });
    code = createHmac(hash, key).update(safe).digest();
  }
  return code.length === expected.length && timingSafeEqual(code, expected);
}

/** RFC 9579. */
const pbmac1 = "1.2.840.113549.1.5.14";
const hashes: Readonly<Record<string, Pkcs12Hash>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.4": "sha224",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

async function readSafe({ safe, passphrase, budget }: OpenFile): Promise<Bags> {
  const certificates: Certificate[] = [];
  const keys: Buffer[] = [];
  for (const info of readBer(safe).children) {
    const { type, content } = readContentInfo(info);
    if (type === contentType.data) await readBags(readBer(octetsOf(content)), 0);
    else if (type === contentType.encryptedData) await readBags(readBer(await decryptContent(content)), 0);
    else throw new MalformedDer(`a part of it is ${type}`);
  }
  return { certificates, keys };

  async function decryptContent(content: DerNode): Promise<Buffer> {
    const outer = new DerFields(content);
    outer.take(derTag.integer);
    const fields = new DerFields(outer.any());
    readOid(fields.any());
    const algorithm = readAlgorithm(fields.any());
    return decryptByPassphrase(algorithm, octetsOf(fields.any()), passphrase, budget);
  }

  /** RFC 7292 section 4.2. */
  async function readBags(contents: DerNode, depth: number): Promise<void> {
    if (depth > maxDepth) throw new MalformedDer("its parts are nested too deep");
    for (const bag of contents.children) {
      const fields = new DerFields(bag);
      const type = readOid(fields.any());
      const value = new DerFields(fields.take(explicit), explicit).any();
      if (type === bagType.nested) await readBags(value, depth + 1);
      else if (type === bagType.certificate) certificates.push(...readCertificateBag(value));
      else if (type === bagType.key) keys.push(Buffer.from(value.raw));
      else if (type === bagType.shroudedKey) {
        const shrouded = new DerFields(value);
        const algorithm = readAlgorithm(shrouded.any());
        keys.push(await decryptByPassphrase(algorithm, octetsOf(shrouded.any()), passphrase, budget));
      }
    }
  }
}

function readCertificateBag(value: DerNode): readonly Certificate[] {
  const fields = new DerFields(value);
  if (readOid(fields.any()) !== x509Certificate) return [];
  const certificate = parseCertificate(octetsOf(new DerFields(fields.take(explicit), explicit).any()));
  if (certificate === undefined) throw new MalformedDer("a certificate in it cannot be read");
  return [certificate];
}

function readContentInfo(node: DerNode): { readonly type: string; readonly content: DerNode } {
  const fields = new DerFields(node);
  return { type: readOid(fields.any()), content: new DerFields(fields.take(explicit), explicit).any() };
}

/** An OCTET STRING, whatever its tag was replaced by, in one piece or several. */
function octetsOf({ content, children }: DerNode): Uint8Array {
  return children.length === 0 ? content : Buffer.concat(children.map(octetsOf));
}

function chooseIdentity({ certificates, keys }: Bags): TlsIdentity | undefined {
  try {
    for (const der of keys) {
      const privateKey = readKey(der);
      const publicKeyInfo = createPublicKey(privateKey).export({ type: "spki", format: "der" });
      const leaf = certificates.find((each) => publicKeyInfo.equals(each.publicKeyInfo));
      if (leaf === undefined) continue;
      return {
        certificate: chainOf(leaf, certificates).map(pem).join(""),
        privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    }
    return undefined;
  } finally {
    for (const der of keys) der.fill(0);
  }
}

function readKey(der: Buffer): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey({ key: der, type: "pkcs8", format: "der" });
  } catch (cause) {
    throw new MalformedDer("a private key in it cannot be read", { cause });
  }
}

/** From the leaf upward by names; which path is good is decided by whoever verifies it. */
function chainOf(leaf: Certificate, certificates: readonly Certificate[]): readonly Certificate[] {
  const chain = [leaf];
  for (let last = leaf; !isSelfIssued(last); ) {
    const issuer = certificates.find((each) => each.subject.key === last.issuer.key && !chain.includes(each));
    if (issuer === undefined || isSelfIssued(issuer)) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

function pem({ der }: Certificate): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
