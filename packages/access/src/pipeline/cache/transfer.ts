import {
  confirmedByHead,
  decideReuse,
  errorStatuses,
  fieldValue,
  mayAnswerOnError,
  onceOnlyFields,
  sharesStrongValidator,
  type CacheRequest,
  type CacheResponse,
  type FieldLines,
  type StoredResponse,
} from "@fairlead/http/cache";
import { parseContentRange, type ContentRange } from "@fairlead/http/range";
import type { CachedHead, CacheEntry, CacheWriter } from "../../cache/cache-storage.ts";
import type { ResponseCache } from "../../cache/response-cache.ts";
import type { DispatchController, DispatchHandler, HopOptions, ResponseFields } from "../../dispatch.ts";
import type { Timeouts } from "../../timeouts.ts";
import type { Delivery, KeptBytes, Upstream } from "./delivery.ts";
import { answeredIdentity, type RequestFacts, type RequestUser } from "./request-facts.ts";
import { linesOf } from "./response-fields.ts";
import { contentLength, isFramed, isOutage, isTrustworthy } from "./response-trust.ts";

/** What others are told that wait for a transfer. */
export type TransferNews =
  /** There is a head that is being stored, and its bytes come. */
  | { readonly type: "coming"; readonly head: CachedHead; readonly isLengthKnown: boolean }
  /** What the store holds has changed: look again. */
  | { readonly type: "stored" }
  /** It was given up by who had begun it. */
  | { readonly type: "abandoned" }
  /** It is of no use to anyone else. */
  | { readonly type: "useless" };

/** Told what becomes of a transfer; `true` to be told again. */
export type TransferWatcher = (news: TransferNews) => boolean;

/** What was known before the server was asked. */
export interface KnownResponse {
  /** What the server is asked about, by conditions that the cache added. */
  readonly asked: CacheEntry | undefined;
  /** What may answer if the server cannot. */
  readonly stale: CacheEntry | undefined;
}

/** What a transfer needs of the exchange that began it. */
export interface TransferPurpose extends KnownResponse {
  readonly cache: ResponseCache;
  readonly user: RequestUser;
  readonly facts: RequestFacts;
  readonly options: HopOptions;
  readonly delivery: Delivery;
  /** Ends the request, where it goes out on a signal of its own. */
  readonly abort: AbortController | undefined;
  /** Answers from the store, in place of the response; `news` is what was said to this request alone. */
  readonly answer: (entry: CacheEntry, use: "validated" | "stale", news: FieldLines) => void;
  /** Told with the final head, whether the response could answer the same request again at once. */
  readonly onHead: (isReusable: boolean) => void;
  /** The resource had nothing to keep, whoever asks. */
  readonly onNothingToKeep: () => void;
  readonly onOver: () => void;
}

/** One request on its way to the server and back: what comes is stored while it is delivered. */
export class Transfer implements DispatchHandler, Upstream {
  readonly #purpose: TransferPurpose;
  readonly #requestTime: number;
  readonly #audience: Set<Delivery>;
  readonly #watchers = new Set<TransferWatcher>();
  #controller: DispatchController | undefined;
  #writer: CacheWriter | undefined;
  #head: CachedHead | undefined;
  /** Bytes that have to come for the response to be whole. */
  #expected: number | undefined;
  #joined: CacheEntry | undefined;
  readonly #kept: KeptBytes;
  /** Where the response begins within the representation. */
  #first = 0;
  /** What came after the storage had refused more, until everybody has it. */
  #overflow: { readonly first: number; readonly bytes: Buffer }[] = [];
  /** Whether bytes are still being stored. */
  #storing = false;
  /** Whether the final head has come. */
  #responded = false;
  #stopped = false;
  /** Nothing more comes, or nobody wants it. */
  #over = false;

  constructor(purpose: TransferPurpose) {
    this.#purpose = purpose;
    this.#requestTime = purpose.cache.now();
    this.#audience = new Set([purpose.delivery]);
    this.#kept = {
      body: { read: (position) => this.#read(position), close: () => undefined },
      position: 0,
      end: 0,
      complete: false,
    };
    purpose.delivery.comesFrom(this);
  }

  /** The deadlines that it has. */
  get timeouts(): Timeouts {
    return this.#purpose.options.exchange.timeouts;
  }

  /** Tells what becomes of it, now if something has. */
  watch(watcher: TransferWatcher): void {
    if (this.#storing && this.#head !== undefined && !watcher(this.#coming(this.#head))) return;
    this.#watchers.add(watcher);
    this.changed();
  }

  unwatch(watcher: TransferWatcher): void {
    this.#watchers.delete(watcher);
    this.changed();
  }

  /** Delivers to one more what is stored, as it comes. */
  join(delivery: Delivery): void {
    this.#audience.add(delivery);
    delivery.comesFrom(this);
    delivery.play(this.#kept);
    this.changed();
  }

  /** Lets the server go on while anybody takes what comes, or waits for its end. */
  changed(): void {
    if (this.#controller === undefined || this.#over) return;
    if (this.#overflow.length > 0 && this.#isTaken()) this.#overflow = [];
    const flows = this.#storing
      ? this.#watchers.size > 0 || [...this.#audience].some(({ paused }) => !paused)
      : this.#isTaken();
    if (flows === !this.#stopped) return;
    this.#stopped = !flows;
    if (flows) this.#controller.resume();
    else this.#controller.pause();
  }

  left(delivery: Delivery, reason: Error | undefined): void {
    this.#audience.delete(delivery);
    if (this.#over) this.#closeIfUnread();
    else if (reason === undefined) return;
    else if (this.#audience.size > 0) this.changed();
    else this.#giveUp(reason);
  }

  onRequestStart(controller: DispatchController, context: unknown): void {
    this.#controller = controller;
    this.#purpose.delivery.start(context);
  }

  onBodySent(chunk: Buffer): void {
    this.#purpose.delivery.bodySent(chunk);
  }

  onRequestSent(): void {
    this.#purpose.delivery.requestSent();
  }

  onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#finish({ type: "useless" });
    this.#purpose.delivery.upgrade(...upgrade);
  }

  onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (this.#over) return;
    this.#controller = controller;
    const { delivery, asked, stale } = this.#purpose;
    if (status >= 200) {
      const response = this.#response(status, linesOf(fields));
      if (asked !== undefined && status === 304) {
        this.#confirm(asked, response);
        return;
      }
      if (stale !== undefined && errorStatuses.has(status) && this.#mayAnswerStale(stale)) {
        this.#answer(stale, "stale");
        this.#endRequest(new Error("a stored response answers in place of this one"));
        return;
      }
      this.#responded = true;
      this.#learn(response, message ?? "");
      this.#storing = this.#writer !== undefined;
      this.#purpose.onHead(this.#isReusable());
      if (this.#storing) delivery.play(this.#kept);
    }
    delivery.head({ status, message: message ?? "", fields }, controller.rawHeaders as Buffer[]);
    if (status < 200) return;
    this.#tell(this.#storing && this.#head !== undefined ? this.#coming(this.#head) : { type: "useless" });
  }

  onResponseData(_controller: DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    const before = this.#kept.end;
    this.#kept.end += chunk.length;
    if (this.#storing && this.#writer?.append(chunk) !== true) this.#stopStoring();
    if (!this.#storing && this.#writer !== undefined) this.#overflow.push({ first: before, bytes: chunk });
    for (const delivery of this.#audience) {
      // Without a storage the engine's own pause has to do.
      if (delivery.position === before && (!delivery.paused || this.#writer === undefined)) delivery.data(chunk);
    }
    this.changed();
  }

  onResponseEnd(_controller: DispatchController, trailers: ResponseFields): void {
    if (this.#over) return;
    const stored = this.#commit();
    this.#kept.complete = true;
    this.#over = true;
    const { delivery } = this.#purpose;
    for (const each of [...this.#audience]) {
      if (each.position < this.#kept.end) each.more();
      else each.end(each === delivery ? trailers : {});
    }
    this.#finish(stored ? { type: "stored" } : { type: "useless" });
  }

  onResponseError(_controller: DispatchController, error: Error): void {
    if (this.#over) return;
    const { stale } = this.#purpose;
    this.#over = true;
    if (stale !== undefined && !this.#responded && isOutage(error) && this.#mayAnswerStale(stale)) {
      this.#answer(stale, "stale");
      return;
    }
    this.#writer?.close();
    for (const delivery of [...this.#audience]) delivery.fail(error);
    this.#finish({ type: "useless" });
  }

  #read(position: number): Uint8Array | undefined {
    const stored = this.#writer?.read(this.#first + position);
    if (stored !== undefined) return stored;
    const found = this.#overflow.find(({ first, bytes }) => first <= position && position < first + bytes.length);
    return found?.bytes.subarray(position - found.first);
  }

  /** Whether everybody has all that came, and takes more. */
  #isTaken(): boolean {
    return [...this.#audience].every(
      ({ paused, position }) => !paused && (position === this.#kept.end || !this.#writer),
    );
  }

  #isReusable(): boolean {
    const { cache, facts } = this.#purpose;
    if (!this.#storing || this.#head === undefined) return false;
    const context = { type: cache.type, mode: facts.mode, now: cache.now() };
    return decideReuse<StoredResponse>(facts, [this.#head], context).type === "use";
  }

  #response(status: number, fields: FieldLines): CacheResponse {
    return { status, fields, requestTime: this.#requestTime, responseTime: this.#purpose.cache.now() };
  }

  #confirm(asked: CacheEntry, confirmation: CacheResponse): void {
    const { cache, facts } = this.#purpose;
    const candidates = cache.find(facts.key, facts.identity);
    const news = confirmation.fields.filter(([name]) => onceOnlyFields.has(name));
    this.#answer(cache.confirm(facts.key, asked, candidates, confirmation), "validated", news);
  }

  #mayAnswerStale(stale: CacheEntry): boolean {
    const { cache, facts } = this.#purpose;
    return mayAnswerOnError(facts.fields, stale, { type: cache.type, now: cache.now() });
  }

  /** Answers from the store in place of what comes. */
  #answer(entry: CacheEntry, use: "validated" | "stale", news: FieldLines = []): void {
    const { delivery, answer } = this.#purpose;
    this.#over = true;
    this.#audience.clear();
    delivery.comesFrom(undefined);
    if (this.#stopped) this.#controller?.resume();
    this.#finish({ type: "stored" });
    answer(entry, use, news);
  }

  /** Decides what is kept of a response, and what is not any more. */
  #learn(response: CacheResponse, message: string): void {
    const { cache, facts, options, user, onNothingToKeep } = this.#purpose;
    const { method, key } = facts;
    if (method === "HEAD") {
      this.#learnHead(response);
      return;
    }
    const identity = answeredIdentity(facts, options, user);
    const isAuthenticated = options.hop.authentication.length > 0;
    if (!isTrustworthy(options, identity.certificate) || (isAuthenticated && identity.authorization === "")) return;
    const request: CacheRequest = {
      method,
      // Parsed for who asks.
      get url() {
        return facts.url;
      },
      fields: facts.fields,
      isAuthenticated: identity.authorization !== "",
    };
    const decision = cache.decide(request, response);
    if (decision.type === "refuse") {
      if (decision.reason === "useless" || decision.reason === "no-store") onNothingToKeep();
      // What stood in its place is no longer what the server says. RFC 9111 section 4.
      if (response.status < 400 && response.status !== 304) {
        for (const entry of cache.replacedBy(key, identity, facts)) cache.forget(key, entry);
      }
      if (response.status === 304) this.#confirmOwn(response);
      return;
    }
    const range = parseContentRange(fieldValue(response.fields, "content-range"));
    const length = contentLength(response.fields);
    if (response.status === 206 && (range === undefined || facts.range === undefined)) return;
    if (response.status !== 204 && length === undefined && !isFramed(options, response.fields)) return;
    const head: CachedHead = {
      ...decision.response,
      message,
      identity,
      completeLength: response.status === 206 ? range?.completeLength : length,
    };
    this.#expected = range === undefined || response.status !== 206 ? length : range.last - range.first + 1;
    if (response.status === 206 && range !== undefined && !this.#joinsParts(head, range)) return;
    this.#first = response.status === 206 ? (range?.first ?? 0) : 0;
    this.#writer = cache.storageFor(response.status).write(key, this.#first, this.#expected);
    if (this.#writer !== undefined) this.#head = head;
  }

  /** A part joins parts of the same representation; a whole that is kept already is confirmed by it. RFC 9111 section 3.4. */
  #joinsParts(head: CachedHead, range: ContentRange): boolean {
    const { cache, facts } = this.#purpose;
    for (const entry of cache.replacedBy(facts.key, head.identity, facts)) {
      const isSame = sharesStrongValidator(entry, head);
      if (entry.status === 206 && isSame && entry.completeLength === range.completeLength) this.#joined = entry;
      else if (entry.status === 200 && isSame) {
        cache.update(facts.key, entry, head);
        return false;
      }
    }
    return true;
  }

  /** A 304 to a condition of the application's own is good for what is kept, too. */
  #confirmOwn(response: CacheResponse): void {
    const { cache, facts } = this.#purpose;
    const [first, ...others] = cache.find(facts.key, facts.identity);
    if (first !== undefined) cache.confirm(facts.key, first, [first, ...others], response);
  }

  /** RFC 9111 section 4.3.5. */
  #learnHead(response: CacheResponse): void {
    const { cache, facts } = this.#purpose;
    if (response.status !== 200) return;
    for (const entry of cache.replacedBy(facts.key, facts.identity, facts)) {
      if (confirmedByHead(entry, response)) cache.update(facts.key, entry, response);
      else cache.forget(facts.key, entry);
    }
  }

  /** @returns whether it is kept. */
  #commit(): boolean {
    const writer = this.#writer;
    const head = this.#head;
    if (!this.#storing || writer === undefined || head === undefined) return false;
    const { cache, facts } = this.#purpose;
    if (this.#expected !== undefined && this.#expected !== this.#kept.end) {
      writer.close();
      return false;
    }
    const replaced = cache.replacedBy(facts.key, head.identity, facts);
    // What is of another storage goes from there.
    const storage = cache.storageFor(head.status);
    for (const entry of replaced) if (cache.storageFor(entry.status) !== storage) cache.forget(facts.key, entry);
    const here = replaced.filter((entry) => cache.storageFor(entry.status) === storage);
    const joined = here.find(({ id }) => id === this.#joined?.id);
    return writer.commit(completed(head, this.#kept.end), here, joined) !== undefined;
  }

  /** It is larger than what may be kept; what was stored serves those that are behind. */
  #stopStoring(): void {
    this.#storing = false;
    this.#tell({ type: "useless" });
    this.#watchers.clear();
  }

  #coming(head: CachedHead): TransferNews {
    return { type: "coming", head, isLengthKnown: this.#expected !== undefined };
  }

  /** Nobody takes it any more. */
  #giveUp(reason: Error): void {
    this.#over = true;
    this.#writer?.close();
    this.#finish({ type: "abandoned" });
    this.#endRequest(reason);
  }

  #endRequest(reason: Error): void {
    if (this.#purpose.abort !== undefined) this.#purpose.abort.abort(reason);
    else this.#controller?.abort(reason);
  }

  #finish(news: TransferNews): void {
    this.#purpose.onOver();
    this.#tell(news);
    this.#closeIfUnread();
  }

  #closeIfUnread(): void {
    if (this.#audience.size === 0) this.#writer?.close();
  }

  #tell(news: TransferNews): void {
    for (const watcher of [...this.#watchers]) {
      if (!watcher(news)) this.#watchers.delete(watcher);
    }
  }
}

/** A head without a length, as its content turned out. */
function completed(head: CachedHead, length: number): CachedHead {
  return head.status === 206 ? head : { ...head, completeLength: length };
}
