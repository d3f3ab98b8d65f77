import { PolicyError, ProtocolError } from "@fairlead/core";
import { parseDigests } from "@fairlead/http/digest-fields";
import { decidePart, type AskedPart, type ByteRange } from "@fairlead/http/range";
import type { Reply } from "../reply.ts";
import type { RequestOptions } from "../request.ts";
import { recordFailure, transactionOf, type Transaction } from "../transaction.ts";
import { waitFor } from "../until-aborted.ts";
import type { Draft } from "./draft.ts";
import { Holdings } from "./holdings.ts";
import { nextAttemptAfter } from "./next-attempt.ts";
import { UnexpectedStatus, VersionChanged } from "./outcomes.ts";
import { fetchPieces, isWorthParts, PROBE_BYTES } from "./pieces.ts";
import { receiveBody } from "./receive-body.ts";
import type { DownloadTerms } from "./terms.ts";
import { isAnother, partResponse, requestDigest, versionOf, type Version } from "./version.ts";

/** Times that a download begins again because what it asks for has changed. */
const CHANGES_LIMIT = 5;
/** Transactions that are kept, the latest. */
const TRANSACTIONS_LIMIT = 100;
/** Bytes after which the record of a draft with gaps is written anew. */
const RECORD_INTERVAL_BYTES = 4 * 1024 * 1024;

/** What a transfer is made of. */
export interface TransferGround {
  readonly url: URL;
  readonly terms: DownloadTerms;
  readonly draft: Draft;
  readonly request: (options: RequestOptions) => Promise<Reply>;
  /** Fires when the caller, the deadline or the manager ends it. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Brings all bytes of one version into a draft, by as many requests as that takes. */
export class Transfer {
  readonly holdings = new Holdings();
  readonly #ground: TransferGround;
  #version: Version | undefined;
  #reply: Reply | undefined;
  #transactions: Transaction[] = [];
  /** Whether the server may still be asked for a part before anything is known of the whole. */
  #mayProbe: boolean;
  #hasGaps: boolean;
  #recordedBytes = 0;
  #recording: Promise<void> = Promise.resolve();

  constructor(ground: TransferGround) {
    this.#ground = ground;
    const { terms, draft } = ground;
    this.#hasGaps = terms.parallel > 1;
    this.#mayProbe = terms.parallel > 1 && terms.mayAskForParts && draft.isSeekable;
  }

  /** The version that was brought, once one is known. */
  get version(): Version | undefined {
    return this.#version;
  }

  /** The latest response; `undefined` before the first. */
  get reply(): Reply | undefined {
    return this.#reply;
  }

  get transactions(): readonly Transaction[] {
    return this.#transactions;
  }

  /** Whether what is there can be gone on with by another call. */
  get isResumable(): boolean {
    return this.#version?.validator !== undefined && this.holdings.bytes > 0;
  }

  /**
   * Goes on with what the draft holds, until it is whole.
   *
   * @throws what the last attempt failed with, once another would not help; FileError; the signal's reason.
   */
  async run(): Promise<void> {
    const { terms, draft, signal, now } = this.#ground;
    await this.#takeOver();
    let fruitless = 0;
    let changes = 0;
    while (!this.#isWhole()) {
      const most = this.holdings.mostBytes;
      try {
        await this.#attempt();
        if (this.#isWhole() || this.holdings.mostBytes > most) continue;
        // Answered, and none the wiser.
        changes += 1;
        if (changes > CHANGES_LIMIT) throw this.#inconsistent();
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof VersionChanged) {
          changes += 1;
          if (changes > CHANGES_LIMIT || !draft.isSeekable) throw this.#inconsistent();
          await this.#startAgain();
          continue;
        }
        fruitless = this.holdings.mostBytes > most ? 1 : fruitless + 1;
        const wait = this.#canGoOn ? nextAttemptAfter(error, fruitless, terms, now()) : undefined;
        if (wait === undefined) throw error;
        await waitFor(wait, [signal]);
      }
    }
  }

  /** Keeps for another call what this one knows. */
  async record(): Promise<void> {
    const { url, draft, terms } = this.#ground;
    const version = this.#version;
    if (!terms.resume || version?.validator === undefined) return;
    const { source, validator, completeLength, reprDigest } = version;
    this.#recordedBytes = this.holdings.bytes;
    const held = this.#hasGaps ? this.holdings.held : undefined;
    const record = { request: requestDigest(url), source, validator, completeLength, held, reprDigest };
    // One after the other, in the order in which they became true.
    this.#recording = this.#recording.catch(() => undefined).then(() => draft.writeRecord(record));
    await this.#recording;
  }

  /** Whether what is there is of use to another attempt, or can be taken back. */
  get #canGoOn(): boolean {
    return this.#ground.draft.isSeekable || this.holdings.bytes === 0 || this.#version?.validator !== undefined;
  }

  #isWhole(): boolean {
    const length = this.#version?.completeLength;
    return this.#reply !== undefined && length !== undefined && this.holdings.missing(length).length === 0;
  }

  async #takeOver(): Promise<void> {
    const { draft, url, terms } = this.#ground;
    const { record } = draft;
    if (record === undefined) return;
    if (record.request !== requestDigest(url) || !terms.mayAskForParts) return draft.clear();
    const size = Math.min(await draft.size(), record.completeLength ?? Number.POSITIVE_INFINITY);
    this.#version = { ...record, isCoded: false, digests: parseDigests(record.reprDigest) };
    this.#hasGaps ||= record.held !== undefined;
    const held = record.held ?? [{ first: 0, last: size - 1 }];
    // The last byte is asked for once more: the answer says whether the version is still the same.
    const known = held.map(({ first, last }) => ({ first, last: Math.min(last, size - 1) }));
    const last = known.at(-1);
    if (last !== undefined) known[known.length - 1] = { first: last.first, last: last.last - 1 };
    this.holdings.resume(known.filter((range) => range.first <= range.last));
  }

  /** Asks for what is missing, all at once or by parts. */
  async #attempt(): Promise<void> {
    const { terms, signal } = this.#ground;
    const version = this.#version;
    if (version?.validator === undefined || !terms.mayAskForParts) {
      if (this.holdings.bytes > 0) await this.#startAgain();
      return this.#fetch(this.#mayProbe ? { first: 0, last: PROBE_BYTES - 1 } : undefined, signal);
    }
    const { completeLength } = version;
    // Nobody knows where it ends, so that what lies behind the last byte may be nothing at all.
    if (completeLength === undefined) return this.#fetch({ first: Math.max(0, this.holdings.fromStart - 1) }, signal);
    const missing = this.holdings.missing(completeLength);
    if (terms.parallel > 1 && isWorthParts(missing)) {
      return fetchPieces(missing, terms.parallel, signal, (piece, ending) => this.#fetch(piece, ending, true));
    }
    const [gap] = missing;
    if (gap === undefined) return;
    return this.#fetch(gap.last === completeLength - 1 ? { first: gap.first } : gap, signal);
  }

  /**
   * Makes one request and writes what it brings.
   *
   * @param range `undefined` for the whole.
   * @param isOneOfSeveral whether others write at the same time, so that it cannot begin again by itself.
   */
  async #fetch(range: PartialRange | undefined, signal: AbortSignal, isOneOfSeveral = false): Promise<void> {
    const { validator, completeLength } = this.#version ?? {};
    const asked = range && { first: range.first, last: range.last, validator, completeLength };
    const reply = await this.#ask(asked, signal);
    try {
      await this.#take(reply, asked, isOneOfSeveral);
    } catch (error) {
      reply.discard();
      if (!(error instanceof VersionChanged)) recordFailure(error, reply.transaction);
      throw error;
    }
  }

  async #ask(asked: AskedPart | undefined, signal: AbortSignal): Promise<Reply> {
    const { terms, request } = this.#ground;
    const headers = [...terms.fields];
    if (asked !== undefined) headers.push(["Range", `bytes=${String(asked.first)}-${String(asked.last ?? "")}`]);
    if (asked?.validator !== undefined) headers.push(["If-Range", asked.validator.value]);
    let reply: Reply;
    try {
      reply = await request({ ...terms.request, headers, signal });
    } catch (error) {
      const transaction = typeof error === "object" && error !== null ? transactionOf(error) : undefined;
      if (transaction !== undefined) this.#remember(transaction);
      throw error;
    }
    this.#remember(reply.transaction);
    this.#reply = reply;
    return reply;
  }

  async #take(reply: Reply, asked: AskedPart | undefined, isOneOfSeveral: boolean): Promise<void> {
    const version = this.#version;
    const decision = decidePart(asked, partResponse(reply));
    switch (decision.type) {
      case "part": {
        const part = versionOf(reply, decision.completeLength, this.#ground.now());
        if (version === undefined) await this.#begin(part);
        else if (isAnother(version, part)) throw new VersionChanged();
        else if (version.completeLength === undefined)
          this.#version = { ...version, completeLength: part.completeLength };
        return this.#receive(reply, decision.first, decision.last - decision.first + 1);
      }
      case "whole":
      case "other":
        if (!this.#ground.terms.acceptStatus(reply.status)) throw new UnexpectedStatus(reply, this.#peer);
        if (isOneOfSeveral) throw new VersionChanged();
        await this.#begin(versionOf(reply, undefined, this.#ground.now()));
        return this.#receive(reply, 0, this.#version?.completeLength);
      case "changed":
        throw new VersionChanged();
      case "invalid":
        throw new ProtocolError("RANGE_INVALID", { peer: this.#peer, operation: "download", detail: decision.detail });
    }
  }

  /** A version begins, and what was there of another is given up. */
  async #begin(version: Version): Promise<void> {
    if (this.holdings.bytes > 0) await this.#startAgain();
    this.#mayProbe = false;
    this.#version = version;
    const { completeLength = 0 } = version;
    if (completeLength > this.#ground.terms.limitBytes) throw this.#limitExceeded();
    await this.record();
  }

  async #startAgain(): Promise<void> {
    const { draft } = this.#ground;
    if (!draft.isSeekable && this.holdings.bytes > 0) throw this.#inconsistent();
    this.#mayProbe = false;
    this.#version = undefined;
    this.holdings.clear();
    if (draft.isSeekable) await draft.clear();
  }

  /** @param length `undefined` when the end of the response is the end of the whole. */
  async #receive(reply: Reply, first: number, length: number | undefined): Promise<void> {
    const { draft, terms } = this.#ground;
    const isLimited = first + (length ?? Number.POSITIVE_INFINITY) > terms.limitBytes;
    const limit = isLimited
      ? { bytes: terms.limitBytes - first, exceeded: (): Error => this.#limitExceeded() }
      : {
          bytes: length ?? Number.POSITIVE_INFINITY,
          exceeded: (): Error => this.#lengthWrong("RESPONSE_LENGTH_EXCEEDED"),
        };
    let next = first;
    await receiveBody(reply, {
      handle: draft.handle,
      path: draft.path,
      position: draft.isSeekable ? first : undefined,
      limit,
      onWritten: (bytes) => {
        this.holdings.add({ first: next, last: next + bytes - 1 });
        next += bytes;
        terms.onProgress?.(this.holdings.progress(this.#version?.completeLength));
      },
    });
    if (length === undefined && this.#version !== undefined) this.#version = { ...this.#version, completeLength: next };
    else if (length !== undefined && next < first + length) throw this.#lengthWrong("RESPONSE_TRUNCATED");
    if (this.#hasGaps && this.holdings.bytes - this.#recordedBytes >= RECORD_INTERVAL_BYTES) await this.record();
  }

  #remember(transaction: Transaction): void {
    if (this.#transactions.length === TRANSACTIONS_LIMIT) this.#transactions.shift();
    this.#transactions.push(transaction);
  }

  get #peer(): string {
    return this.#ground.url.host;
  }

  #limitExceeded(): PolicyError {
    const detail = `limit ${String(this.#ground.terms.limitBytes)} bytes`;
    const remedy = "raise limitBytes";
    return new PolicyError("BODY_LIMIT", { peer: this.#peer, operation: "download", detail, remedy });
  }

  #lengthWrong(code: "RESPONSE_LENGTH_EXCEEDED" | "RESPONSE_TRUNCATED"): ProtocolError {
    return new ProtocolError(code, { peer: this.#peer, operation: "download" });
  }

  #inconsistent(): ProtocolError {
    const detail = "its answers do not add up to a file";
    return new ProtocolError("RANGE_INVALID", { peer: this.#peer, operation: "download", detail });
  }
}

/** A range whose end may be that of the whole. */
type PartialRange = Pick<ByteRange, "first"> & Partial<ByteRange>;
