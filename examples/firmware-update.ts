/** Updates a device's firmware: signed by its vendor, cut in the middle, and taken up again. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coapAnswer, coapClient, coapServer, resource } from "@fairlead/iot/coap";
import { coseVerificationKey, openFirmwareFile, updateFirmware } from "@fairlead/iot/firmware";
import { openStore } from "@fairlead/store";
import { encode, Tagged } from "cborg";

// The vendor: an image, a manifest that says for which devices it is, and a signature.
const vendor = generateKeyPairSync("ec", { namedCurve: "P-256" });
const vendorId = "fa6b4a53-d5ad-5fdf-be9d-e663e4d41ffe";
const classId = "1492af14-2569-5e48-bf42-9b2d51f2ab45";
const image = new Uint8Array(100_000).map((_, at) => at & 255);
const envelope = signedEnvelope();

await using server = coapServer({
  resources: [
    resource("firmware/manifest", { get: () => coapAnswer("Content", envelope) }),
    // The ETag is what a transfer is resumed by.
    resource("firmware/image", { get: () => coapAnswer("Content", image, { eTag: digest(image).subarray(0, 8) }) }),
  ],
});
const { url } = await server.listen({ port: 0 });

// The device.
const folder = await mkdtemp(join(tmpdir(), "firmware-"));
const path = join(folder, "image");
const store = await openStore(`sqlite:${join(folder, "store.db")}`);
await using client = coapClient();
const power = new AbortController();
const options = {
  ...{ client, store, manifest: `${url}/firmware/manifest` },
  keys: [coseVerificationKey(vendor.publicKey)],
  device: { vendorIds: [vendorId], classIds: [classId] },
  openSlot: () => openFirmwareFile(path),
  activate: () => {
    console.log("the next start is from the new image");
  },
};

const cut = updateFirmware({
  ...options,
  signal: power.signal,
  onProgress: ({ transferredBytes }) => {
    if (transferredBytes > 60_000) power.abort(new Error("the power was cut"));
  },
});
console.log(await cut.catch((error: unknown) => String(error)));

let first: number | undefined;
const { type, manifest } = await updateFirmware({
  ...options,
  onProgress: ({ transferredBytes }) => {
    first ??= transferredBytes;
  },
});
console.log(`${type} to ${String(manifest.sequenceNumber)}, from byte ${String(first)} on`);
console.log(digest(await readFile(path)).toString("hex") === digest(image).toString("hex"));
await store.close();
await rm(folder, { recursive: true });

function signedEnvelope(): Uint8Array {
  const parameters = { 1: uuid(vendorId), 2: uuid(classId), 3: encode([-16, digest(image)]), 14: image.length };
  const common = map({ 2: [[Uint8Array.of(0)]], 4: encode([20, map(parameters), 1, 15, 2, 15]) });
  const install = [20, map({ 21: "image" }), 21, 2, 3, 15];
  const written = encode(map({ 1: 1, 2: 7, 3: encode(common), 7: encode([3, 15]), 20: encode(install) }));
  const signed = encode([-16, digest(encode(written))]);
  const headers = encode(map({ 1: -7 }));
  const signature = sign("sha256", encode(["Signature1", headers, new Uint8Array(0), signed]), {
    ...{ key: vendor.privateKey, dsaEncoding: "ieee-p1363" },
  });
  const block = encode(new Tagged(18, [headers, new Map(), null, signature]));
  return encode(new Tagged(107, map({ 2: encode([signed, block]), 3: written })));
}

function map(entries: Readonly<Record<number, unknown>>): Map<number, unknown> {
  return new Map(Object.entries(entries).map(([key, value]) => [Number(key), value]));
}

function uuid(text: string): Uint8Array {
  return Buffer.from(text.replaceAll("-", ""), "hex");
}

function digest(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
