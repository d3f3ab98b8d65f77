import { StoreError } from "@fairlead/core";
import type { Store } from "@fairlead/store";

/** The manifest that was installed last. */
export interface InstalledManifest {
  readonly sequenceNumber: number;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
}

/** How far an image has come. */
export interface KeptTransfer {
  /** Bytes that are in the slot for good: a multiple of 1,024, or the whole image. */
  readonly offset: number;
  /** Which version of the image the server said that they are; hexadecimal. */
  readonly eTag: string;
}

/** What has to survive a restart, of one device. */
export interface FirmwareMemory {
  /** @throws StoreError STORE_CORRUPT: nobody knows then what is old. */
  installed(): Promise<InstalledManifest | undefined>;
  /** Resolves when it is durable. */
  keepInstalled(manifest: InstalledManifest): Promise<void>;
  /** `undefined` also for what cannot be read: the image is then fetched anew. */
  transfer(key: string): Promise<KeptTransfer | undefined>;
  /** Resolves when it is durable. */
  keepTransfer(key: string, transfer: KeptTransfer): Promise<void>;
  forgetTransfer(key: string): void;
}

/** Keeps it in a store. `name` tells devices apart that share one. */
export function firmwareMemory(store: Store, name: string): FirmwareMemory {
  const installed = store.collection("firmware", { maxEntries: maxDevices, secret: false });
  const transfers = store.collection("firmware-transfer", { maxEntries: maxTransfers, secret: false });
  const keyOf = (key: string): string => `${name} ${key}`;
  return {
    async installed() {
      const record = await installed.find(name);
      if (record === undefined) return undefined;
      const value = parse(record.value);
      if (isInstalled(value)) return value;
      throw new StoreError("STORE_CORRUPT", { peer: store.url, operation: "read which firmware is installed from" });
    },
    async keepInstalled(manifest) {
      installed.set(name, write(manifest));
      await store.flush();
    },
    async transfer(key) {
      const record = await transfers.find(keyOf(key));
      const value = record === undefined ? undefined : parse(record.value);
      return isTransfer(value) ? value : undefined;
    },
    async keepTransfer(key, transfer) {
      transfers.set(keyOf(key), write(transfer));
      await store.flush();
    },
    forgetTransfer(key) {
      transfers.delete(keyOf(key));
    },
  };
}

function write(value: InstalledManifest | KeptTransfer): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function isInstalled(value: unknown): value is InstalledManifest {
  const { sequenceNumber, digest } = membersOf(value);
  return isCount(sequenceNumber) && typeof digest === "string";
}

function isTransfer(value: unknown): value is KeptTransfer {
  const { offset, eTag } = membersOf(value);
  return isCount(offset) && typeof eTag === "string" && /^(?:[\da-f]{2}){1,8}$/.test(eTag);
}

function membersOf(value: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** A sequence number that is dropped for want of room would let old firmware in again. */
const maxDevices = 1_000_000;
const maxTransfers = 1_000;
