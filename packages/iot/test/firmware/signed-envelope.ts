import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { encode, Tagged } from "cborg";
import { coseVerificationKey, type DeviceIdentity } from "@fairlead/iot/firmware";

/** The device of the working group's examples. */
export const device: DeviceIdentity = {
  vendorIds: ["fa6b4a53-d5ad-5fdf-be9d-e663e4d41ffe"],
  classIds: ["1492af14-2569-5e48-bf42-9b2d51f2ab45"],
};

/** Bytes of hexadecimal. */
export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

/** Who signs in tests. */
export const vendor = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** What the vendor's signatures are verified by. */
export const keys = [coseVerificationKey(vendor.publicKey)];

const vendorId = hex("fa6b4a53d5ad5fdfbe9de663e4d41ffe");
const classId = hex("1492af1425695e48bf429b2d51f2ab45");
const report = 15;

/** Maps are written by these, as their keys are numbers. */
export const map = (entries: Readonly<Record<number, unknown>>): Map<number, unknown> =>
  new Map(Object.entries(entries).map(([key, value]) => [Number(key), value]));

/** A digest as manifests have it. */
export const digestOf = (bytes: Uint8Array): [number, Uint8Array] => [
  -16,
  new Uint8Array(createHash("sha256").update(bytes).digest()),
];

/** What can be another in an envelope. */
export interface EnvelopeChanges {
  readonly sequenceNumber?: number;
  readonly image?: Uint8Array;
  readonly uri?: string;
  /** By key; `undefined` takes one out. */
  readonly manifest?: Readonly<Record<number, unknown>>;
  readonly components?: readonly unknown[];
  readonly shared?: readonly unknown[];
  readonly install?: readonly unknown[];
  readonly validate?: readonly unknown[];
  /** Members of the envelope besides. */
  readonly members?: readonly (readonly [number | string, unknown])[];
  readonly signers?: readonly KeyObject[];
}

/** Parameters of an image. */
export const imageParameters = (image: Uint8Array): Record<number, unknown> => ({
  1: vendorId,
  2: classId,
  3: encode(digestOf(image)),
  14: image.length,
});

/** Signs what a manifest hashes to, as the authentication of an envelope has it. */
export function signDigest(digest: Uint8Array, privateKey: KeyObject, keyId?: Uint8Array): Uint8Array {
  const headers = encode(map({ 1: -7 }));
  const signed = encode(["Signature1", headers, new Uint8Array(0), digest]);
  const signature = sign("sha256", signed, { key: privateKey, dsaEncoding: "ieee-p1363" });
  return encode(
    new Tagged(18, [headers, map(keyId === undefined ? {} : { 4: keyId }), null, new Uint8Array(signature)]),
  );
}

/** Makes a manifest: one component, fetched and verified, unless something is changed. */
export function makeManifest(changes: EnvelopeChanges = {}): Uint8Array {
  const { sequenceNumber = 1, image = new Uint8Array(0), uri = "image" } = changes;
  const shared = changes.shared ?? [20, map(imageParameters(image)), 1, report, 2, report];
  const install = changes.install ?? [20, map({ 21: uri }), 21, 2, 3, report];
  const members: Record<number, unknown> = {
    1: 1,
    2: sequenceNumber,
    3: encode(map({ 2: changes.components ?? [[hex("00")]], 4: encode(shared) })),
    7: encode(changes.validate ?? [3, report]),
    20: encode(install),
    ...changes.manifest,
  };
  return encode(map(Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))));
}

/** Makes an envelope, signed by the vendor. */
export function makeEnvelope(changes: EnvelopeChanges = {}): Uint8Array {
  const { signers = [vendor.privateKey], members = [] } = changes;
  const manifest = makeManifest(changes);
  const digest = encode(digestOf(encode(manifest)));
  const authentication = encode([digest, ...signers.map((signer) => signDigest(digest, signer))]);
  return encode(new Tagged(107, new Map<unknown, unknown>([[2, authentication], [3, manifest], ...members])));
}
