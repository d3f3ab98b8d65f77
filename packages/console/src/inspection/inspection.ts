import type { ConnectivityState, NetworkAccessManager, Reply } from "@fairlead/access";
import { type Har, toHar } from "@fairlead/access/har";
import { UsageError } from "@fairlead/core";
import type { TestNetwork } from "@fairlead/testserver";
import type {
  ConsoleEvent,
  ConsoleHello,
  DownloadOrder,
  FetchOrder,
  ListedTransaction,
  NewFetch,
  ShownTransfer,
  TransactionDetails,
} from "../protocol/index.ts";
import { packageVersion } from "../version.ts";
import { Feed, type FeedListener } from "./feed.ts";
import type { Questions } from "./questions.ts";
import type { SettingsHost } from "./settings-host.ts";
import {
  defaultTransactionLimits,
  type LoggedTransaction,
  TransactionLog,
  type TransactionLimits,
} from "./transaction-log.ts";
import {
  type BodySide,
  describeTransaction,
  listTransaction,
  readBody,
  receivedBytesOf,
  type ViewGround,
} from "./transaction-view.ts";
import { countFaults } from "./test-network.ts";
import { Transfers } from "./transfers.ts";

/** How a manager is inspected. */
export interface InspectionOptions {
  /** What the program is called; by its script's name by default. */
  readonly name?: string;
  readonly limits?: Partial<TransactionLimits>;
  /** Whose handlers the manager was opened with; without them its questions are its own. */
  readonly questions?: Questions;
  /** Where downloads go; without it there are none. */
  readonly downloadFolder?: string;
  /** Starts the test network when it is looked at first; without it there is none. */
  readonly testNetwork?: () => Promise<TestNetwork>;
  /** Opens managers by settings; without it they cannot be changed. */
  readonly settings?: SettingsHost;
  /** What is requested when the first page is there. */
  readonly firstUrl?: string;
  /** Whether it is another program's console that looks; false by default. */
  readonly isAttached?: boolean;
  /** Milliseconds since the epoch; `Date.now` by default. */
  readonly now?: () => number;
  readonly dangerous?: {
    /** Shows credentials, cookies and tokens as they are: whoever looks over a shoulder, or gets an archive, can be you. */
    readonly secrets?: boolean;
  };
}

/** What the console has asked for. */
interface OwnFetch {
  readonly order: NewFetch;
  /** Gives it up; `undefined` once it is over. */
  readonly ending: AbortController | undefined;
}

/** How often it is looked at how far bodies have come, while somebody looks. */
const PROGRESS_MILLISECONDS = 250;

/**
 * Looks at what a manager does from now on: its latest transactions, what it remembers, its questions.
 *
 * It costs each request some microseconds, and memory within bounds; see {@link TransactionLimits}. The caller disposes of
 * it, which leaves the manager as it was.
 */
export function inspect(manager: NetworkAccessManager, options: InspectionOptions = {}): Inspection {
  return new Inspection(manager, options);
}

/** See {@link inspect}. */
export class Inspection implements AsyncDisposable {
  readonly questions: Questions | undefined;
  readonly transfers: Transfers | undefined;
  readonly settings: SettingsHost | undefined;
  readonly #options: InspectionOptions;
  readonly #log: TransactionLog;
  readonly #feed: Feed;
  readonly #now: () => number;
  /** Those that the console itself has asked for. */
  readonly #own = new Map<number, OwnFetch>();
  /** What each that is under way had received when it was told last. */
  readonly #told = new Map<number, number>();
  #manager: NetworkAccessManager;
  #watching: Disposable;
  #connectivity: Disposable | undefined;
  #testNetwork: Promise<TestNetwork> | undefined;
  /** Once it runs. */
  #runningNetwork: TestNetwork | undefined;
  /** Faults, as they were told last. */
  #faults = 0;
  #progress: NodeJS.Timeout | undefined;
  /** Whether a page was there. */
  #hasBegun = false;

  /** Use {@link inspect}. */
  constructor(manager: NetworkAccessManager, options: InspectionOptions) {
    const { now = Date.now, questions, downloadFolder, settings } = options;
    this.#options = options;
    this.#now = now;
    this.#feed = new Feed({ snapshot: () => this.#snapshot(), transaction: (id) => this.#listed(id) });
    const listener = {
      changed: (id: number): void => this.#feed.transactionChanged(id),
      gone: (below: number): void => this.#gone(below),
    };
    this.#log = new TransactionLog({ ...defaultTransactionLimits, ...options.limits }, listener, now);
    this.questions = questions;
    this.settings = settings;
    questions?.follow({
      asked: (question) => this.#feed.tell(`question ${question.id}`, { type: "question", question }),
      gone: (id) => this.#feed.tell(`question ${id}`, { type: "question-gone", id }),
    });
    this.transfers =
      downloadFolder === undefined
        ? undefined
        : new Transfers(downloadFolder, () => this.#manager, {
            changed: (transfer) => this.#tellTransfer(transfer),
            gone: (id) => this.#feed.tell(`transfer ${id}`, { type: "transfer-gone", id }),
          });
    this.#manager = manager;
    this.#watching = manager.observe(this.#log);
  }

  /** The one that is looked at now. */
  get manager(): NetworkAccessManager {
    return this.#manager;
  }

  /** Looks at another manager from now on; what was requested by the one before stays on the list. */
  follow(manager: NetworkAccessManager): void {
    this.#watching[Symbol.dispose]();
    this.#manager = manager;
    this.#watching = manager.observe(this.#log);
    if (this.#connectivity !== undefined) this.#followConnectivity();
  }

  /**
   * Tells a listener what there is, and from then on what changes. A listener that can answer questions is one in front of
   * which a person sits.
   *
   * @returns what ends it.
   */
  subscribe(listener: FeedListener): Disposable {
    if (this.#connectivity === undefined) this.#followConnectivity();
    const attendance = this.questions?.attend();
    const subscription = this.#feed.subscribe(listener);
    const { firstUrl } = this.#options;
    if (firstUrl !== undefined && !this.#hasBegun) this.fetch({ url: firstUrl }).catch(() => undefined);
    this.#hasBegun = true;
    this.#progress ??= setInterval(() => {
      this.#noteProgress();
      this.#noteFaults();
    }, PROGRESS_MILLISECONDS).unref();
    return {
      [Symbol.dispose]: () => {
        subscription[Symbol.dispose]();
        attendance?.[Symbol.dispose]();
        if (this.#feed.listeners > 0) return;
        this.#rest();
      },
    };
  }

  /**
   * Requests what the address bar says, and reads the whole of it.
   *
   * @returns the id of its transaction, while it is under way.
   * @throws UsageError for a URL or an option that cannot be, and OPTION_INVALID for a request to be repeated that is kept no
   * longer or was not made here.
   */
  async fetch(asked: FetchOrder): Promise<number> {
    const order = "repeat" in asked ? this.#orderOf(asked.repeat) : asked;
    const { url, method, fields, body } = order;
    const before = this.#log.lastId;
    const ending = new AbortController();
    const request = this.#manager.request(url, {
      ...(method !== undefined && { method }),
      headers: fields ?? DEFAULT_FIELDS,
      ...(body !== undefined && { body }),
      topLevelNavigation: true,
      signal: ending.signal,
    });
    const id = this.#log.lastId;
    if (id === before) {
      // It was refused before it began.
      (await request).discard();
      throw new UsageError("OPTION_INVALID", { operation: "fetch", detail: "this cannot be requested" });
    }
    this.#own.set(id, { order, ending });
    void this.#readAll(id, request);
    return id;
  }

  /**
   * What a download asks for: a URL, with the fields of the request that it repeats.
   *
   * @throws UsageError OPTION_INVALID for a request to be repeated that is kept no longer, was not made here, or is no GET.
   */
  whatToDownload(asked: DownloadOrder): Pick<NewFetch, "url" | "fields"> {
    const { url, fields, method = "GET" }: NewFetch = "repeat" in asked ? this.#orderOf(asked.repeat) : asked;
    if (method === "GET") return { url, ...(fields && { fields }) };
    throw new UsageError("OPTION_INVALID", {
      operation: "download",
      detail: `${method} may change something when it is made again`,
      remedy: "save the body of the answer that is there",
    });
  }

  /** Gives up a request of the console's own. @returns whether one was under way. */
  abort(id: number): boolean {
    const ending = this.#own.get(id)?.ending;
    ending?.abort();
    return ending !== undefined;
  }

  /** All about one transaction; `undefined` for one that is kept no longer. */
  details(id: number): TransactionDetails | undefined {
    const logged = this.#log.find(id);
    return logged && describeTransaction(logged, this.#viewOf(logged));
  }

  /** A body without its content codings; `undefined` where it is not kept. */
  body(id: number, hopIndex: number, side: BodySide): Uint8Array | undefined {
    const hop = this.#log.find(id)?.transaction.hops[hopIndex];
    return hop && readBody(hop, side);
  }

  /** Forgets the list. */
  clear(): void {
    this.#log.clear();
  }

  /** What is kept, as an HTTP Archive. @param bodies whether with bodies, and what is secret in them */
  har(bodies: boolean): Har {
    const creator = { name: "@fairlead/console", version: packageVersion() };
    const transactions = Array.from(this.#log.list(), ({ transaction }) => transaction);
    return toHar(transactions, { creator, bodies, dangerous: this.#options.dangerous ?? {} });
  }

  /** The test network, which is started when it is asked for first. @throws UsageError where there is none. */
  testNetwork(): Promise<TestNetwork> | undefined {
    const { testNetwork: start } = this.#options;
    return (this.#testNetwork ??= start && this.#run(start));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watching[Symbol.dispose]();
    this.#rest();
    this.questions?.refuseAll();
    for (const { ending } of this.#own.values()) ending?.abort();
    await this.transfers?.stop();
  }

  async #run(start: () => Promise<TestNetwork>): Promise<TestNetwork> {
    const network = await start();
    this.#runningNetwork = network;
    return network;
  }

  async #readAll(id: number, request: Promise<Reply>): Promise<void> {
    try {
      const reply = await request;
      // What is kept of it is kept on the way.
      await reply.stream({ decode: false }).forEach(() => undefined);
    } catch {
      // The transaction tells.
    } finally {
      const own = this.#own.get(id);
      if (own !== undefined) this.#own.set(id, { ...own, ending: undefined });
    }
  }

  #orderOf(id: number): NewFetch {
    const own = this.#own.get(id);
    if (own !== undefined) return own.order;
    throw new UsageError("OPTION_INVALID", {
      operation: "repeat",
      detail: `request ${String(id)} is kept no longer, or was not made by this console`,
      remedy: "enter the whole URL",
    });
  }

  #snapshot(): { readonly events: readonly ConsoleEvent[]; readonly transactions: Iterable<number> } {
    this.#noteFaults();
    const events: ConsoleEvent[] = [
      this.#hello(),
      { type: "transactions-gone", below: this.#log.oldest },
      { type: "connectivity", state: shownState(this.#manager.connectivity.state) },
      { type: "faults", count: this.#faults },
      ...(this.questions?.list() ?? []).map((question) => ({ type: "question", question }) as const),
      ...(this.transfers?.list() ?? []).map((transfer) => ({ type: "transfer", transfer }) as const),
    ];
    return { events, transactions: Array.from(this.#log.list(), ({ id }) => id) };
  }

  #hello(): ConsoleHello {
    const { name = programName(), isAttached = false, testNetwork } = this.#options;
    return {
      type: "hello",
      version: packageVersion(),
      program: { name, processId: process.pid },
      isAttached,
      canTestNetwork: testNetwork !== undefined,
      canDownload: this.transfers !== undefined,
    };
  }

  #listed(id: number): ListedTransaction | undefined {
    const logged = this.#log.find(id);
    return logged && listTransaction(logged, this.#viewOf(logged));
  }

  #viewOf({ id }: LoggedTransaction): ViewGround {
    return {
      now: this.#now(),
      isOwn: this.#own.has(id),
      showsSecrets: this.#options.dangerous?.secrets === true,
      certificatesOf: ({ connection }) => connection && this.#log.certificatesOf(connection),
      refused: (error) => this.questions?.refused(error),
    };
  }

  #gone(below: number): void {
    for (const id of this.#own.keys()) {
      if (id >= below) break;
      this.#own.delete(id);
    }
    this.#feed.transactionsGone(below);
  }

  #tellTransfer(transfer: ShownTransfer): void {
    this.#feed.tell(`transfer ${transfer.id}`, { type: "transfer", transfer });
  }

  /** Nobody says how far a body has come, so it is looked at. */
  #noteProgress(): void {
    const before = new Map(this.#told);
    this.#told.clear();
    for (const logged of this.#log.underWay()) {
      const received = receivedBytesOf(logged);
      this.#told.set(logged.id, received);
      if (received !== (before.get(logged.id) ?? 0)) this.#feed.transactionChanged(logged.id);
    }
  }

  /** They are switched by other programs, too, so they are looked at. */
  #noteFaults(): void {
    const count = this.#countFaults();
    if (count === this.#faults) return;
    this.#faults = count;
    this.#feed.tell("faults", { type: "faults", count });
  }

  #countFaults(): number {
    return this.#runningNetwork === undefined ? 0 : countFaults(this.#runningNetwork);
  }

  #followConnectivity(): void {
    this.#connectivity?.[Symbol.dispose]();
    const { connectivity } = this.#manager;
    const tell = (): void => {
      this.#feed.tell("connectivity", { type: "connectivity", state: shownState(connectivity.state) });
    };
    connectivity.addEventListener("change", tell);
    this.#connectivity = { [Symbol.dispose]: () => connectivity.removeEventListener("change", tell) };
  }

  /** Nobody looks. */
  #rest(): void {
    clearInterval(this.#progress);
    this.#progress = undefined;
    this.#connectivity?.[Symbol.dispose]();
    this.#connectivity = undefined;
  }
}

const DEFAULT_FIELDS = [
  ["Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
  ["Accept-Encoding", "zstd, br, gzip, deflate"],
] as const;

function shownState(state: ConnectivityState): Extract<ConsoleEvent, { type: "connectivity" }>["state"] {
  switch (state) {
    case "online":
    case "local":
    case "offline":
      return state;
    case "portal":
      return "captive";
  }
}

function programName(): string {
  const script = process.argv[1] ?? "";
  return script.split(/[/\\]/).at(-1) ?? "";
}
