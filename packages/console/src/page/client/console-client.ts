import type {
  ConsoleSettings,
  DownloadOrder,
  FaultOrder,
  FetchOrder,
  MemoryKind,
  MemoryPage,
  QuestionAnswer,
  SettingsPage,
  ShownFault,
  ShownTestNetwork,
  ShownTransfer,
  TransactionDetails,
} from "../../protocol/index.ts";
import type { ShownCertificate } from "@fairlead/widgets";
import { readCertificates } from "../reading/certificates.ts";
import { readTransfer } from "../reading/events.ts";
import { readMemoryCounts, readMemoryPage } from "../reading/memory.ts";
import { object, type Reader, whole } from "../reading/reader.ts";
import { readSettingsPage } from "../reading/settings.ts";
import { readFault, readTestNetwork } from "../reading/test-network.ts";
import { readTransactionDetails } from "../reading/transactions.ts";
import { readProblem, RequestProblem } from "./request-problem.ts";

/** One of the two bodies of a hop. */
export type BodySide = "request-body" | "response-body";

/** Lets go of a question. */
export interface Cancellable {
  readonly signal?: AbortSignal;
}

/**
 * Asks the console's server. Every method rejects with `RequestProblem` where the answer is not the one wanted, and with
 * the reason of its signal.
 */
export class ConsoleClient {
  readonly #api: URL;

  /** @param api where `api/` is, with its slash. */
  constructor(api: URL) {
    this.#api = api;
  }

  /** Has the manager make a request; resolves with the id of its transaction, while it is under way. */
  async fetch(order: FetchOrder): Promise<number> {
    const { id } = await this.#json(object({ id: whole }), "POST", "fetch", order);
    return id;
  }

  transaction(id: number, options?: Cancellable): Promise<TransactionDetails> {
    return this.#json(readTransactionDetails, "GET", `transactions/${id}`, undefined, options);
  }

  /** The bytes of a body, its content codings undone. */
  async body(id: number, hop: number, side: BodySide, options?: Cancellable): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.#ask("GET", `transactions/${id}/hops/${hop}/${side}`, undefined, options);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Gives up a request that the console made. */
  async giveUp(id: number): Promise<void> {
    await this.#ask("DELETE", `transactions/${id}`);
  }

  async clearTransactions(): Promise<void> {
    await this.#ask("DELETE", "transactions");
  }

  /** What certificates say, for the viewer. */
  describeCertificates(pem: readonly string[], options?: Cancellable): Promise<readonly ShownCertificate[]> {
    return this.#json(readCertificates, "POST", "certificates", pem.join("\n"), options);
  }

  /** All transactions as an HTTP Archive. */
  async har({ bodies = false }: { readonly bodies?: boolean } = {}): Promise<Blob> {
    const response = await this.#ask("GET", bodies ? "har?bodies" : "har");
    return response.blob();
  }

  /** A part of what is remembered of a kind. */
  memory(
    kind: MemoryKind,
    {
      search = "",
      from = 0,
      count = 100,
    }: { readonly search?: string; readonly from?: number; readonly count?: number },
    options?: Cancellable,
  ): Promise<MemoryPage> {
    const query = new URLSearchParams({ search, from: String(from), count: String(count) });
    return this.#json(readMemoryPage, "GET", `memory/${kind}?${query.toString()}`, undefined, options);
  }

  /** How many things are remembered, by kind. */
  memoryCounts(options?: Cancellable): Promise<Readonly<Partial<Record<MemoryKind, number>>>> {
    return this.#json(readMemoryCounts, "GET", "memory", undefined, options);
  }

  /** Forgets one thing, or all of its kind. */
  async forget(kind: MemoryKind, key?: string): Promise<void> {
    await this.#ask("DELETE", key === undefined ? `memory/${kind}` : `memory/${kind}/${encodeURIComponent(key)}`);
  }

  startDownload(order: DownloadOrder): Promise<ShownTransfer> {
    return this.#json(readTransfer, "POST", "downloads", order);
  }

  async pauseDownload(id: number): Promise<void> {
    await this.#ask("POST", `downloads/${id}/pause`);
  }

  async resumeDownload(id: number): Promise<void> {
    await this.#ask("POST", `downloads/${id}/resume`);
  }

  /** Cancels it where it is under way, and takes it off the list. */
  async removeDownload(id: number): Promise<void> {
    await this.#ask("DELETE", `downloads/${id}`);
  }

  /** How the manager was opened, and what there is to choose from. */
  settings(options?: Cancellable): Promise<SettingsPage> {
    return this.#json(readSettingsPage, "GET", "settings", undefined, options);
  }

  /** Opens another manager in place of the one before. */
  applySettings(settings: ConsoleSettings): Promise<SettingsPage> {
    return this.#json(readSettingsPage, "PUT", "settings", settings);
  }

  async answer(question: number, answer: QuestionAnswer): Promise<void> {
    await this.#ask("POST", `questions/${question}`, answer);
  }

  testNetwork(options?: Cancellable): Promise<ShownTestNetwork> {
    return this.#json(readTestNetwork, "GET", "test-network", undefined, options);
  }

  /** Switches a fault on. */
  switchFaultOn(order: FaultOrder): Promise<ShownFault> {
    return this.#json(readFault, "POST", "test-network/faults", order);
  }

  async switchFaultOff(id: string): Promise<void> {
    await this.#ask("DELETE", `test-network/faults/${encodeURIComponent(id)}`);
  }

  async #json<T>(read: Reader<T>, method: string, path: string, body?: unknown, options: Cancellable = {}): Promise<T> {
    const response = await this.#ask(method, path, body, options);
    try {
      return read(await response.json());
    } catch (error) {
      options.signal?.throwIfAborted();
      const said = error instanceof Error ? error.message : String(error);
      throw new RequestProblem(`the answer to ${method} cannot be read: ${said}`, {
        code: "",
        remedy: "",
        status: response.status,
      });
    }
  }

  async #ask(method: string, path: string, body?: unknown, { signal }: Cancellable = {}): Promise<Response> {
    const request: RequestInit = { method, cache: "no-store", redirect: "error" };
    if (signal !== undefined) request.signal = signal;
    if (typeof body === "string") {
      request.body = body;
      request.headers = { "content-type": "application/x-pem-file" };
    } else if (body !== undefined) {
      request.body = JSON.stringify(body);
      request.headers = { "content-type": "application/json" };
    }
    let response: Response;
    try {
      response = await fetch(new URL(path, this.#api), request);
    } catch (error) {
      signal?.throwIfAborted();
      throw new RequestProblem(error instanceof Error ? error.message : String(error), {
        code: "",
        remedy: "",
        status: 0,
      });
    }
    if (response.ok) return response;
    throw readProblem(response.status, await response.json().catch(() => undefined));
  }
}
