import { randomUUID } from "node:crypto";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { codedCauseOf, type DownloadProgress, type NetworkAccessManager } from "@fairlead/access";
import { UsageError } from "@fairlead/core";
import { redactUrls } from "@fairlead/http/redaction";
import type { NewFetch, ShownTransfer } from "../protocol/index.ts";
import { availableName, fileNameKey, fileNameOf } from "./protocol/file-name.ts";
import { errorWord } from "./transaction-log.ts";

/** Told of downloads as they go. */
export interface TransferListener {
  changed(transfer: ShownTransfer): void;
  gone(id: number): void;
}

/** Downloads that are listed; past this none begins before one is removed. */
const TRANSFERS_LIMIT = 200;

interface Transfer {
  readonly id: number;
  readonly url: URL;
  readonly fields: NewFetch["fields"];
  readonly fileName: string;
  state: ShownTransfer["state"];
  receivedBytes: number;
  totalBytes: number | undefined;
  resumedFrom: number;
  error: string | undefined;
  remedy: string | undefined;
  /** Ends what is under way. */
  ending: AbortController | undefined;
  /** Resolves when it is under way no more. */
  done: Promise<void>;
}

/** Why a download ends that somebody has stopped. */
class Stopped extends Error {
  override readonly name = "Stopped";
}

/** Downloads of a manager into one folder, which can be paused and go on with what is there. */
export class Transfers {
  readonly #folder: string;
  readonly #manager: () => NetworkAccessManager;
  readonly #listener: TransferListener;
  readonly #transfers = new Map<number, Transfer>();
  /** Names of those that are listed, by their keys. */
  readonly #claimed = new Set<string>();
  #lastId = 0;

  constructor(folder: string, manager: () => NetworkAccessManager, listener: TransferListener) {
    this.#folder = folder;
    this.#manager = manager;
    this.#listener = listener;
  }

  list(): readonly ShownTransfer[] {
    return Array.from(this.#transfers.values(), show);
  }

  /**
   * Begins a download; no file is replaced.
   *
   * @param wantedName whatever somebody's server has said; where that can be no name, or is not given, it is that of the URL.
   * @throws UsageError URL_INVALID; OPTION_INVALID where there are too many.
   */
  async begin({ url: text, fields }: Pick<NewFetch, "url" | "fields">, wantedName?: string): Promise<ShownTransfer> {
    const url = URL.parse(text);
    if (url === null) throw new UsageError("URL_INVALID", { operation: "download" });
    if (this.#transfers.size >= TRANSFERS_LIMIT) {
      const remedy = "remove some that are over";
      throw new UsageError("OPTION_INVALID", { operation: "download", detail: "there are too many of them", remedy });
    }
    const isTaken = async (name: string): Promise<boolean> => {
      if (await exists(join(this.#folder, name))) return true;
      // Asked and claimed in one step: another download may begin meanwhile.
      const key = fileNameKey(name);
      if (this.#claimed.has(key)) return true;
      this.#claimed.add(key);
      return false;
    };
    const fileName = (await availableName(fileNameOf(url, wantedName), isTaken)) ?? `download-${randomUUID()}`;
    const transfer: Transfer = {
      id: (this.#lastId += 1),
      url,
      fields,
      fileName,
      state: "under-way",
      receivedBytes: 0,
      totalBytes: undefined,
      resumedFrom: 0,
      error: undefined,
      remedy: undefined,
      ending: undefined,
      done: Promise.resolve(),
    };
    this.#transfers.set(transfer.id, transfer);
    this.#start(transfer);
    return show(transfer);
  }

  /** Stops it, and keeps what has come. @returns how it is now; `undefined` where there is no such download. */
  async pause(id: number): Promise<ShownTransfer | undefined> {
    const transfer = this.#transfers.get(id);
    if (transfer === undefined) return undefined;
    if (transfer.state === "under-way") {
      transfer.state = "paused";
      transfer.ending?.abort(new Stopped("paused"));
      await transfer.done;
    }
    return show(transfer);
  }

  /** Goes on with what has come. @returns how it is now; `undefined` where there is no such download. */
  async resume(id: number): Promise<ShownTransfer | undefined> {
    const transfer = this.#transfers.get(id);
    if (transfer === undefined) return undefined;
    if (transfer.state === "paused" || transfer.state === "failed") {
      await transfer.done;
      this.#start(transfer);
    }
    return show(transfer);
  }

  /** Ends it and, unless it is whole, removes what has come; then it is listed no more. @returns whether there was one. */
  async remove(id: number): Promise<boolean> {
    const transfer = this.#transfers.get(id);
    if (transfer === undefined) return false;
    const isWhole = transfer.state === "done";
    transfer.state = isWhole ? "done" : "cancelled";
    transfer.ending?.abort(new Stopped("cancelled"));
    await transfer.done;
    if (!isWhole) await this.#discard(transfer);
    this.#transfers.delete(id);
    this.#claimed.delete(fileNameKey(transfer.fileName));
    this.#listener.gone(id);
    return true;
  }

  /** Pauses all. */
  async stop(): Promise<void> {
    await Promise.all(Array.from(this.#transfers.keys(), (id) => this.pause(id)));
  }

  #start(transfer: Transfer): void {
    transfer.state = "under-way";
    transfer.error = undefined;
    transfer.remedy = undefined;
    transfer.ending = new AbortController();
    transfer.done = this.#bring(transfer, transfer.ending.signal);
    this.#listener.changed(show(transfer));
  }

  async #bring(transfer: Transfer, signal: AbortSignal): Promise<void> {
    const onProgress = ({ receivedBytes, totalBytes, resumedFromBytes }: DownloadProgress): void => {
      transfer.receivedBytes = receivedBytes;
      transfer.totalBytes = totalBytes;
      transfer.resumedFrom = resumedFromBytes;
      this.#listener.changed(show(transfer));
    };
    try {
      const path = join(this.#folder, transfer.fileName);
      const { url, fields } = transfer;
      const headers = fields && { headers: fields };
      const { bytes } = await this.#manager().download(url, path, { ...headers, resume: true, signal, onProgress });
      transfer.receivedBytes = bytes;
      transfer.totalBytes = bytes;
      transfer.state = "done";
    } catch (error) {
      if (!(error instanceof Stopped)) {
        transfer.state = "failed";
        transfer.error = error instanceof Error ? errorWord(error) : "Error";
        transfer.remedy = codedCauseOf(error)?.remedy;
      }
    }
    this.#listener.changed(show(transfer));
  }

  /** What was kept for another try. */
  async #discard({ fileName }: Transfer): Promise<void> {
    const { openDraft } = await import("@fairlead/access/draft");
    const draft = await openDraft(join(this.#folder, fileName), { resumes: true });
    await draft.discard();
  }
}

function show(transfer: Transfer): ShownTransfer {
  const { id, url, fileName, state, receivedBytes, totalBytes, resumedFrom, error, remedy } = transfer;
  return {
    id,
    url: redactUrls(url.href),
    fileName,
    state,
    receivedBytes,
    totalBytes,
    resumedFrom,
    error,
    remedy,
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
