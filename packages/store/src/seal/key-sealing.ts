import { randomBytes } from "node:crypto";
import { StoreError, UsageError } from "@fairlead/core";
import { BatchRefused } from "../batch-refused.ts";
import type { OpenStoreOptions } from "../contract.ts";
import type { KeySource } from "../key/key-source.ts";
import { keySource, type StoreKey } from "../key/store-key.ts";
import { unsealed, type RecordSeal } from "../record-seal.ts";
import type { StoreBackend } from "../store-backend.ts";
import type { SealedPlace } from "../sealed-place.ts";
import type { Sealing } from "../sealing.ts";
import { warn } from "../store-warning.ts";
import { checkOf, deriveKey } from "./derived-keys.ts";
import { HiddenNames } from "./hidden-names.ts";
import { keySeal } from "./key-seal.ts";
import { awaitReseal, patienceWith } from "./await-reseal.ts";
import { clearAll, resealAll } from "./reseal.ts";
import { isOf, recordChange } from "./seal-change.ts";
import {
  formatSealRecord,
  parseSealRecord,
  sealCollection,
  type KeyGeneration,
  type SealRecord,
} from "./seal-record.ts";
import { OVERHEAD_BYTES, SealedBox } from "./sealed-box.ts";

/** How often others are given a sign that it goes on. */
const signMilliseconds = 1_000;
/** How often others may come first. */
const attemptsLimit = 50;

/** What a key sealing works with. */
export interface KeySealingOptions {
  readonly url: string;
  readonly backend: StoreBackend;
  readonly key: StoreKey;
  readonly store: OpenStoreOptions;
  /** Another one can be given by tests. */
  readonly patience?: number;
}

/** A key that this process has, and what is made of it. */
interface Held {
  readonly generation: KeyGeneration;
  readonly key: Uint8Array;
  readonly seal: RecordSeal;
  readonly proof: Uint8Array;
}

/**
 * Opens the sealing of a store: finds its key, seals what is plain when there has been none, and begins anew when the key
 * is lost.
 *
 * @throws StoreError STORE_KEY_INVALID, STORE_KEY_UNAVAILABLE, STORE_KEY_WRONG, STORE_NEWER, STORE_CORRUPT; and what
 * writing throws.
 */
export async function openKeySealing(options: KeySealingOptions, found: Uint8Array | undefined): Promise<Sealing> {
  const sealing = new KeySealing(options);
  await sealing.open(found);
  return sealing;
}

class KeySealing implements Sealing {
  readonly #options: KeySealingOptions;
  #source: KeySource;
  #held: Held | undefined;

  constructor(options: KeySealingOptions) {
    this.#options = options;
    this.#source = keySource(options.key, options.url);
  }

  get seal(): RecordSeal {
    return this.#holding.seal;
  }

  get proof(): Uint8Array {
    return this.#holding.proof;
  }

  /** @param found what the store says of its seal. */
  open(found: Uint8Array | undefined): Promise<void> {
    return this.#settle(found, "open");
  }

  follow(found: Uint8Array | undefined): Promise<void> {
    return this.#settle(found, "follow");
  }

  async rotate(newKey: StoreKey | undefined): Promise<void> {
    const { generation: former, key: formerKey, seal, proof } = this.#holding;
    const source = newKey === undefined ? this.#source : keySource(newKey, this.#options.url);
    const created = await this.#create(source);
    if (Buffer.compare(created.key, formerKey) === 0) {
      const remedy = "give another key";
      throw new UsageError("OPTION_INVALID", { operation: "change the key", detail: "the key is the same", remedy });
    }
    await this.#reseal(proof, former, seal, created, source);
    const formerSource = this.#source;
    this.#source = source;
    await formerSource.forget(former.id);
  }

  beside(purpose: string): SealedPlace {
    const { key, generation } = this.#holding;
    const names = new HiddenNames(deriveKey(key, generation.id, `beside ${purpose} names`));
    const box = new SealedBox(deriveKey(key, generation.id, `beside ${purpose} values`));
    return {
      id: generation.id,
      overheadBytes: OVERHEAD_BYTES,
      nameOf: (name) => names.of(purpose, name),
      seal: (place, bytes) => box.seal(place, bytes),
      open: (place, sealed) => box.open(place, sealed),
    };
  }

  get #holding(): Held {
    if (this.#held === undefined) throw new TypeError("the sealing is not open");
    return this.#held;
  }

  async #settle(found: Uint8Array | undefined, moment: "open" | "follow"): Promise<void> {
    for (let attempt = 0; attempt < attemptsLimit; attempt++) {
      try {
        await this.#trySettle(found, moment, attempt);
        return;
      } catch (error) {
        if (!(error instanceof BatchRefused)) throw error;
        found = error.found;
      }
    }
    throw new StoreError("STORE_OPEN_FAILED", {
      peer: this.#options.url,
      operation: "open",
      detail: "others change its key again and again",
    });
  }

  /** @throws BatchRefused when others were first. */
  async #trySettle(found: Uint8Array | undefined, moment: "open" | "follow", attempt: number): Promise<void> {
    if (found === undefined) {
      // Never sealed; or somebody has put a plain one in its place.
      await this.#sealPlain();
      return;
    }
    const record = this.#parse(found);
    const { current, next } = record;
    if (next !== undefined) {
      const { backend, patience = patienceWith(backend, record, attempt) } = this.#options;
      const left = await awaitReseal({ backend, patience }, found, record);
      await this.#source.forget(next.id);
      throw new BatchRefused(left);
    } else if (current !== undefined) {
      this.#assertSource(current);
      const key = await this.#source.read(current.id);
      if (key !== undefined && checkOf(key, current.id) === current.check) {
        this.#hold(current, key, found);
        if (record.residue && moment === "open") await this.#scrub();
      } else if (moment === "follow" || this.#refusesLostKey) {
        throw new StoreError("STORE_KEY_WRONG", { peer: this.#options.url, operation: moment });
      } else {
        await this.#beginAnew(found);
      }
    }
  }

  /** One machine's mistake must not cost a fleet what it has learned. */
  get #refusesLostKey(): boolean {
    const { backend, store } = this.#options;
    return backend.isShared === true || store.lostKey === "refuse";
  }

  /** A key that is elsewhere is not lost. */
  #assertSource({ source }: KeyGeneration): void {
    if (source === this.#source.type) return;
    const remedy =
      source === "keyring"
        ? "open it with the key that the keyring has"
        : "open it with the key that it was given, and change that by rotateKey";
    throw new StoreError("STORE_KEY_WRONG", { peer: this.#options.url, operation: "open", remedy });
  }

  async #sealPlain(): Promise<void> {
    if (this.#held !== undefined) await this.#reseal(undefined, undefined, unsealed, this.#held, undefined);
    else await this.#reseal(undefined, undefined, unsealed, await this.#create(this.#source), this.#source);
  }

  /** The key is lost, and with it the records: whatever is learned from now on has a new one. */
  async #beginAnew(found: Uint8Array): Promise<void> {
    const { url, store, backend } = this.#options;
    // A keyring that cannot keep a new key is not to be believed when it says that it has no old one.
    const created = await this.#create(this.#source);
    const proof = formatSealRecord({ current: created.generation, next: undefined, residue: this.#leavesResidue });
    try {
      await backend.write(clearAll(backend).set(sealCollection, recordChange(found, proof)), "behind");
    } catch (error) {
      if (error instanceof BatchRefused) await this.#source.forget(created.generation.id);
      throw error;
    }
    this.#hold(created.generation, created.key, proof);
    const message = "the key is lost, and what was encrypted with it was dropped; the store has a new key";
    warn(store, url, { type: "key-lost", collection: undefined, message, cause: undefined });
    await this.#scrub();
  }

  /**
   * Seals all records anew, so that a crash at any moment leaves them as they were or as they will be: first the store says
   * that it is being done, from when on nobody writes under the former seal; then everything changes in one batch.
   *
   * @param source what has made the new key, and may forget it when it does not come to be used.
   */
  async #reseal(
    found: Uint8Array | undefined,
    former: KeyGeneration | undefined,
    from: RecordSeal,
    { generation, key }: Pick<Held, "generation" | "key">,
    source: KeySource | undefined,
  ): Promise<void> {
    const { backend } = this.#options;
    const announcement = { current: former, next: generation, residue: true };
    let begun = formatSealRecord(announcement);
    let signs = 0;
    let lastSign = performance.now();
    const giveSign = async (): Promise<void> => {
      if (performance.now() - lastSign < signMilliseconds) return;
      const next = formatSealRecord({ ...announcement, progress: ++signs });
      await backend.write(new Map([[sealCollection, recordChange(begun, next)]]), "behind");
      begun = next;
      lastSign = performance.now();
    };
    const proof = formatSealRecord({ current: generation, next: undefined, residue: this.#leavesResidue });
    const seal = keySeal(key, generation.id);
    try {
      await backend.write(new Map([[sealCollection, recordChange(found, begun)]]), "behind");
      const batch = await resealAll(backend, from, seal, giveSign);
      await backend.write(batch.set(sealCollection, recordChange(begun, proof)), "behind");
    } catch (error) {
      const end = error instanceof BatchRefused ? error.found : await this.#undo(begun, found);
      // Some failures come after the deed, such as that of a thread which does not live to tell.
      if (end === "unknown" || !isOf(generation, end)) {
        if (end !== "unknown") await source?.forget(generation.id);
        throw error;
      }
    }
    this.#held = { generation, key, seal, proof };
    await this.#scrub();
  }

  /** @returns what the store says of its seal afterwards. */
  async #undo(begun: Uint8Array, found: Uint8Array | undefined): Promise<Uint8Array | undefined | "unknown"> {
    try {
      await this.#options.backend.write(new Map([[sealCollection, recordChange(begun, found)]]), "behind");
      return found;
    } catch (error) {
      return error instanceof BatchRefused ? error.found : "unknown";
    }
  }

  get #leavesResidue(): boolean {
    return this.#options.backend.scrub !== undefined;
  }

  /** Overwrites what was replaced; where that cannot be done now, whoever opens the store next tries again. */
  async #scrub(): Promise<void> {
    const { generation, key, proof } = this.#holding;
    const { backend } = this.#options;
    if (backend.scrub === undefined) return;
    const clean = formatSealRecord({ current: generation, next: undefined, residue: false });
    try {
      await backend.scrub();
      await backend.write(new Map([[sealCollection, recordChange(proof, clean)]]), "behind");
      this.#hold(generation, key, clean);
    } catch {
      // Where others have changed it meanwhile, the next batch finds out.
    }
  }

  async #create(source: KeySource): Promise<Pick<Held, "generation" | "key">> {
    const id = randomBytes(16).toString("base64url");
    const key = await source.create(id);
    return { generation: { id, check: checkOf(key, id), source: source.type }, key };
  }

  /** What was learned of names stays, as long as the key is the same. */
  #hold(generation: KeyGeneration, key: Uint8Array, proof: Uint8Array): void {
    const isSame = this.#held?.generation.id === generation.id;
    const seal = isSame && this.#held !== undefined ? this.#held.seal : keySeal(key, generation.id);
    this.#held = { generation, key, seal, proof };
  }

  #parse(found: Uint8Array): SealRecord {
    const record = parseSealRecord(found);
    const facts = { peer: this.#options.url, operation: "open" };
    if (record === "newer") throw new StoreError("STORE_NEWER", { ...facts, detail: "how it is encrypted" });
    if (record === undefined) throw new StoreError("STORE_CORRUPT", { ...facts, detail: "what it says of its key" });
    return record;
  }
}
