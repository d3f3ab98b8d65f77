import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { fork } from "node:child_process";
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import {
  type CoapChannel,
  type CoapClient,
  type CoapHandler,
  coapClient,
  listenDatagrams,
  serveBlocks,
  serveChannel,
} from "@fairlead/iot/coap";
import { coapOptions, readBlock, readOptions, writeOption } from "@fairlead/iot/coap/protocol";
import {
  type FirmwareSlot,
  type FirmwareUpdate,
  openFirmwareFile,
  updateFirmware,
  type UpdateFirmwareOptions,
  verifyManifest,
} from "@fairlead/iot/firmware";
import { openStore, type Store } from "@fairlead/store";
import { openUdp } from "@fairlead/transport";
import { channelPair } from "../coap/channel-pair.ts";
import { device, type EnvelopeChanges, keys, makeEnvelope, vendor } from "./signed-envelope.ts";

const image = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7 + (at >> 8)) & 255);
const manifestUri = "coap://vendor.example/firmware/manifest";

/** What a vendor serves: an envelope, and an image whose ETag and bytes can be changed at any time. */
class Vendor {
  envelope: Uint8Array;
  image = image;
  eTag: Uint8Array | undefined = Uint8Array.of(1);
  /** Blocks of the image that were asked for. */
  readonly asked: number[] = [];
  onBlock: (number: number) => void = () => undefined;

  constructor(changes: EnvelopeChanges = {}) {
    this.envelope = makeEnvelope({ image, ...changes });
  }

  readonly handler: CoapHandler = (request) => {
    const path = readOptions(request, "uriPath").join("/");
    if (path === "firmware/manifest") return { code: "2.05", options: [], payload: this.envelope };
    if (path !== "firmware/image") return { code: "4.04", options: [], payload: new Uint8Array(0) };
    const options = this.eTag === undefined ? [] : [writeOption("eTag", this.eTag)];
    return { code: "2.05", options, payload: this.image };
  };

  /** Asks it, without a network. */
  readonly client: CoapClient = coapClient({ open: () => Promise.resolve(this.#channel()) });

  #channel(): CoapChannel {
    const { client, server } = channelPair();
    this.serve(server);
    return client;
  }

  /** Each request is handled by itself, as by a server that forgets. */
  serve(channel: CoapChannel): void {
    serveChannel(channel, (request, context) => {
      if (readOptions(request, "uriPath").at(-1) === "image") {
        const block = request.options.find(({ number }) => number === coapOptions.block2.number);
        const number = block === undefined ? 0 : (readBlock(block.value)?.number ?? -1);
        this.asked.push(number);
        this.onBlock(number);
      }
      return serveBlocks()(this.handler)(request, context);
    });
  }
}

/** A slot in memory. */
class MemorySlot implements FirmwareSlot {
  bytes = new Uint8Array(0);
  syncedBytes = 0;
  closed = 0;

  write(bytes: Uint8Array, offset: number): Promise<void> {
    const grown = new Uint8Array(Math.max(this.bytes.length, offset + bytes.length));
    grown.set(this.bytes);
    grown.set(bytes, offset);
    this.bytes = grown;
    return Promise.resolve();
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return Promise.resolve(this.bytes.subarray(offset, offset + length));
  }

  sync(): Promise<void> {
    this.syncedBytes = this.bytes.length;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

interface Bench {
  readonly store: Store;
  readonly slot: MemorySlot;
  readonly activated: number[];
  readonly update: (server: Vendor, options?: Partial<UpdateFirmwareOptions>) => Promise<FirmwareUpdate>;
}

async function bench(): Promise<Bench> {
  const store = await openStore("memory:");
  const slot = new MemorySlot();
  const activated: number[] = [];
  return {
    ...{ store, slot, activated },
    update: (server, options = {}) =>
      updateFirmware({
        ...{ keys, device, store, manifest: manifestUri },
        client: server.client,
        openSlot: () => slot,
        activate: ({ sequenceNumber }) => {
          activated.push(sequenceNumber);
        },
        ...options,
      }),
  };
}

describe("an update of firmware", () => {
  test("fetches, verifies and activates, and is done once", async () => {
    const { slot, activated, update } = await bench();
    const server = new Vendor();
    const progress: number[] = [];
    const { type, manifest } = await update(server, {
      onProgress: ({ transferredBytes }) => {
        progress.push(transferredBytes);
      },
    });
    assert.deepEqual([type, manifest.sequenceNumber, activated, slot.closed], ["updated", 1, [1], 1]);
    assert.deepEqual(slot.bytes, image);
    assert.deepEqual([progress.length, progress.at(-1)], [98, image.length]);
    assert.equal((await update(server)).type, "current");
    assert.deepEqual([activated, server.asked.length], [[1], 98]);
  });

  test("asks for nothing of an image before the manifest is verified", async () => {
    const forged = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    for (const changes of [
      { signers: [forged] },
      { signers: [] },
      { manifest: { 8: 1 } },
    ] satisfies EnvelopeChanges[]) {
      const { slot, update } = await bench();
      const server = new Vendor(changes);
      await assert.rejects(update(server), { code: /^(?:COSE|FIRMWARE)_/ });
      assert.deepEqual([server.asked, slot.bytes.length], [[], 0]);
    }
  });

  test("refuses what is older than what was installed, and another manifest of the same number", async () => {
    const { activated, update } = await bench();
    await update(new Vendor({ sequenceNumber: 5 }));
    for (const changes of [
      { sequenceNumber: 4 },
      { sequenceNumber: 5, manifest: { 4: "other" } },
    ] satisfies EnvelopeChanges[]) {
      const server = new Vendor(changes);
      await assert.rejects(update(server), { code: "FIRMWARE_ROLLBACK" });
      assert.deepEqual(server.asked, []);
    }
    assert.equal((await update(new Vendor({ sequenceNumber: 6 }))).type, "updated");
    assert.equal((await update(new Vendor({ sequenceNumber: 1 }), { name: "another device" })).type, "updated");
    assert.deepEqual(activated, [5, 6, 1]);
  });

  test("counts as installed only when it was activated, and is then not fetched again", async () => {
    const { slot, update } = await bench();
    const server = new Vendor();
    await assert.rejects(update(server, { activate: () => Promise.reject(new Error("no power")) }), {
      message: "no power",
    });
    assert.equal(slot.closed, 1);
    const before = server.asked.length;
    assert.equal((await update(server)).type, "updated");
    assert.equal(server.asked.length, before);
  });

  test("goes on from where it was left, with the version that it was left with", async () => {
    const { slot, update } = await bench();
    const server = new Vendor();
    const leaving = new AbortController();
    server.onBlock = (number) => {
      if (number === 50) leaving.abort(new Error("enough"));
    };
    await assert.rejects(update(server, { signal: leaving.signal }), { message: "enough" });
    assert.ok(slot.syncedBytes >= 48 * 1_024);
    server.asked.length = 0;
    assert.equal((await update(server)).type, "updated");
    assert.deepEqual([server.asked[0], server.asked.length], [48, 50]);
    assert.deepEqual(slot.bytes, image);
  });

  test("begins anew when the image has another ETag by now, or none", async () => {
    for (const eTag of [Uint8Array.of(2), undefined]) {
      const { slot, update } = await bench();
      const server = new Vendor();
      server.onBlock = (number) => {
        if (number !== 50) return;
        server.eTag = eTag;
        server.onBlock = () => undefined;
      };
      assert.equal((await update(server)).type, "updated");
      assert.deepEqual(slot.bytes, image);
      assert.equal(server.asked.filter((number) => number === 0).length, 2);
    }
  });

  test("begins anew when what was left in the slot is not what was written", async () => {
    const { slot, update } = await bench();
    const server = new Vendor();
    const leaving = new AbortController();
    server.onBlock = (number) => {
      if (number === 50) leaving.abort(new Error("enough"));
    };
    await assert.rejects(update(server, { signal: leaving.signal }));
    slot.bytes[3] = 255;
    server.onBlock = () => undefined;
    assert.equal((await update(server)).type, "updated");
    assert.deepEqual(slot.bytes, image);
    assert.ok(server.asked.filter((number) => number === 0).length === 2);
  });

  for (const offset of [
    5,
    1_023,
    48 * 1_024,
    97 * 1_024 + 1,
    image.length - 1,
    image.length,
    image.length + 1,
    2 ** 52,
  ]) {
    test(`begins anew when a store makes up that ${offset} bytes had come`, async () => {
      const { store, slot, update } = await bench();
      const server = new Vendor();
      const { digest } = verifyManifest(server.envelope, { keys, device });
      const transfers = store.collection("firmware-transfer", { maxEntries: 1_000, secret: false });
      transfers.set(`device ${digest} 0`, Buffer.from(JSON.stringify({ offset, eTag: "01" })));
      assert.equal((await update(server)).type, "updated");
      assert.deepEqual(slot.bytes, image);
    });
  }

  const wrong: readonly (readonly [string, (server: Vendor) => void])[] = [
    [
      "has one bit changed",
      (server) => void (server.image = image.map((byte, at) => (at === 77_777 ? byte ^ 16 : byte))),
    ],
    ["is shorter", (server) => void (server.image = image.subarray(0, -1))],
    ["is longer", (server) => void (server.image = Uint8Array.from([...image, 0]))],
    ["is empty", (server) => void (server.image = image.subarray(0, 0))],
    [
      "changes on and on",
      (server) => void (server.onBlock = () => void (server.eTag = Uint8Array.of(server.asked.length & 255))),
    ],
  ];
  for (const [name, change] of wrong) {
    test(`never activates an image that ${name}`, async () => {
      const { activated, update } = await bench();
      const server = new Vendor();
      change(server);
      await assert.rejects(update(server), { code: /^(?:FIRMWARE_IMAGE_MISMATCH|COAP_REPRESENTATION_CHANGED)$/ });
      assert.deepEqual(activated, []);
      // Once the right one is served, it is had.
      const mended = new Vendor();
      assert.equal((await update(mended)).type, "updated");
    });
  }

  test("says with which code a server refuses", async () => {
    const { update } = await bench();
    await assert.rejects(update(new Vendor({ uri: "elsewhere" })), { code: "FIRMWARE_UNAVAILABLE", message: /4\.04/ });
    await assert.rejects(update(new Vendor(), { manifest: "coap://vendor.example/nothing" }), {
      code: "FIRMWARE_UNAVAILABLE",
    });
  });

  test("keeps to its limits before it asks for an image", async () => {
    const { update } = await bench();
    const server = new Vendor();
    await assert.rejects(update(server, { maxImageBytes: image.length - 1 }), { code: "FIRMWARE_TOO_LARGE" });
    await assert.rejects(update(server, { maxEnvelopeBytes: server.envelope.length - 1 }), {
      code: "FIRMWARE_TOO_LARGE",
    });
    assert.deepEqual(server.asked, []);
  });

  test("takes an envelope that it is given, with images in it or by whole URIs", async () => {
    const { slot, activated, update } = await bench();
    const small = image.subarray(0, 5_000);
    const integrated = makeEnvelope({ image: small, uri: "#image", members: [["#image", small]] });
    assert.equal((await update(new Vendor(), { manifest: integrated })).type, "updated");
    assert.deepEqual(slot.bytes, small);
    const server = new Vendor({ sequenceNumber: 2, uri: "coap://vendor.example/firmware/image" });
    assert.equal((await update(server, { manifest: server.envelope })).type, "updated");
    assert.deepEqual(activated, [1, 2]);
    for (const uri of ["image", "http://vendor.example/image", "#image"]) {
      const lost = new Vendor({ sequenceNumber: 3, uri });
      await assert.rejects(update(lost, { manifest: lost.envelope }), { code: "FIRMWARE_MANIFEST_UNSUPPORTED" });
    }
  });

  test("does not guess at a sequence number that is damaged", async () => {
    const { store, update } = await bench();
    store.collection("firmware", { maxEntries: 10, secret: false }).set("device", new TextEncoder().encode("{}"));
    await assert.rejects(update(new Vendor()), { code: "STORE_CORRUPT" });
  });

  test("is taken up by the next process when one is killed in the middle", async (t) => {
    const folder = await temporaryFolder(t);
    const server = new Vendor();
    let kill: (() => unknown) | undefined;
    server.onBlock = (number) => {
      if (number === 60) kill?.();
    };
    await using listener = listenDatagrams(await openUdp({ host: "127.0.0.1" }), (channel) => {
      server.serve(channel);
    });
    const manifest = `coap://127.0.0.1:${listener.address.port}/firmware/manifest`;
    const publicKey = join(folder, "vendor.pem");
    await writeFile(publicKey, vendor.publicKey.export({ format: "pem", type: "spki" }));
    const run = async (isKilled = false): Promise<readonly [unknown, unknown]> => {
      const child = fork(new URL("update-process.ts", import.meta.url), [manifest, folder], {
        execArgv: ["--conditions=source"],
        stdio: "inherit",
      });
      const messages: unknown[] = [];
      child.on("message", (message) => messages.push(message));
      kill = isKilled ? () => child.kill("SIGKILL") : undefined;
      const [, signal] = (await once(child, "exit")) as [number | null, string | null];
      return [signal, messages[0]];
    };

    assert.deepEqual(await run(true), ["SIGKILL", undefined]);
    const askedBefore = server.asked.splice(0);
    assert.deepEqual([askedBefore[0], askedBefore.at(-1)], [0, 60]);
    assert.deepEqual(await run(), [null, "updated"]);
    assert.equal(server.asked[0], 48);
    assert.deepEqual(new Uint8Array(await readFile(join(folder, "image"))), image);
    assert.deepEqual(await run(), [null, "current"]);
  });
});

describe("a file that firmware is written to", () => {
  test("is its owner's, is read back as it was written, and ends where it ends", async (t) => {
    const path = join(await temporaryFolder(t), "image");
    const slot = await openFirmwareFile(path);
    await slot.write(Uint8Array.of(4, 5), 3);
    await slot.write(Uint8Array.of(1, 2, 3), 0);
    await slot.sync();
    assert.deepEqual(await slot.read(1, 3), Uint8Array.of(2, 3, 4));
    assert.deepEqual(await slot.read(4, 10), Uint8Array.of(5));
    await slot.close();
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  test("is no link and no directory", async (t) => {
    const folder = await temporaryFolder(t);
    await symlink(join(folder, "elsewhere"), join(folder, "link"));
    await assert.rejects(openFirmwareFile(join(folder, "link")), { code: "FILE_NOT_REGULAR" });
    await assert.rejects(openFirmwareFile(folder), { code: "FILE_NOT_REGULAR" });
    await assert.rejects(openFirmwareFile(join(folder, "none", "image")), { code: "FILE_NOT_FOUND" });
  });
});

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "firmware-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}
