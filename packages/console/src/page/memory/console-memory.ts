import { shownText } from "@fairlead/widgets";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import {
  type ListedTransaction,
  type MemoryKind,
  memoryKinds,
  type MemoryPage,
  type RememberedThing,
} from "../../protocol/index.ts";
import { searchIcon } from "../icons.ts";
import { formatRoute } from "../routing/route.ts";
import { wordFor } from "../text/word-for.ts";
import { ViewElement } from "../views/view-element.ts";
import { memoryStyles } from "./memory-styles.ts";
import { type Asked, askAgainDelayMilliseconds } from "./rules/ask-again.ts";

/** Who types is not searched for at each letter. */
const SEARCH_DELAY_MILLISECONDS = 200;
/** How facts write a moment. */
const ISO_MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
/** Things of one page, and of one answer. */
const PAGE_SIZE = 100;
const ANSWER_SIZE = 1_000;

/** What a question before forgetting is about. */
type Forgetting = { readonly type: "one"; readonly thing: RememberedThing } | { readonly type: "all" };

/** What is asked for: as many things from one on, by what they are searched. */
interface Wanted {
  readonly search: string;
  readonly from: number;
  readonly count: number;
  /** Whether the person hears of it when it fails. */
  readonly isTold: boolean;
}

/**
 * What the manager remembers, to search and to forget: `<console-memory>`. Each request may change it: what is shown is asked
 * for again while they come, and stays what it is otherwise.
 */
export class ConsoleMemory extends ViewElement {
  static override readonly tag = "console-memory";

  static override properties = {
    ...ViewElement.properties,
    counts: { state: true },
    things: { state: true },
    total: { state: true },
    search: { state: true },
    foundBy: { state: true },
    forgetting: { state: true },
  };

  static override styles = memoryStyles;

  declare protected counts: Readonly<Partial<Record<MemoryKind, number>>>;
  /** `undefined` until they came. */
  declare protected things: readonly RememberedThing[] | undefined;
  declare protected total: number;
  /** What is typed. */
  declare protected search: string;
  /** What the shown things were searched by: what is forgotten is what is shown. */
  declare protected foundBy: string;
  declare protected forgetting: Forgetting | undefined;

  #shownKind: MemoryKind | undefined;
  #asking: AbortController | undefined;
  #asked: Asked = { at: -Infinity, took: 0 };
  /** What had been requested when it was asked for last. */
  #askedAfter: readonly ListedTransaction[] | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.counts = {};
    this.things = undefined;
    this.total = 0;
    this.search = "";
    this.foundBy = "";
    this.forgetting = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
    clearTimeout(this.#again);
    this.#again = undefined;
    this.#asking?.abort();
    this.#asking = undefined;
    this.#shownKind = undefined;
  }

  get #kind(): MemoryKind {
    return memoryKinds.find((each) => each === this.route.path[0]) ?? "hsts";
  }

  protected override updated(): void {
    if (this.#shownKind === this.#kind) {
      this.#askAgain();
      return;
    }
    this.#shownKind = this.#kind;
    this.things = undefined;
    this.forgetting = undefined;
    void this.#load();
  }

  /** Asks for what is shown, later, where it may have changed. A question before forgetting is about what was there. */
  #askAgain(): void {
    const isDue = this.state.transactions !== this.#askedAfter && this.forgetting === undefined;
    if (!isDue || this.#again !== undefined || this.#asking !== undefined) return;
    this.#again = setTimeout(
      () => {
        this.#again = undefined;
        if (this.forgetting !== undefined || this.#asking !== undefined) return;
        const count = Math.max(this.things?.length ?? 0, PAGE_SIZE);
        void this.#load({ search: this.foundBy, count, isTold: false });
      },
      askAgainDelayMilliseconds(performance.now(), this.#asked),
    );
  }

  /** Asks for things, by default for the first by what is typed; what was asked for before is not waited for any more. */
  async #load({
    search = this.search,
    from = 0,
    count = PAGE_SIZE,
    isTold = true,
  }: Partial<Wanted> = {}): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#askedAfter = this.state.transactions;
    const at = performance.now();
    try {
      const [page, counts] = await Promise.all([
        this.#read({ search, from, count }, asking.signal),
        this.context.client.memoryCounts(asking),
      ]);
      asking.signal.throwIfAborted();
      this.things = from === 0 ? page.things : [...(this.things ?? []), ...page.things];
      this.total = page.total;
      this.foundBy = search;
      this.counts = counts;
    } catch (error) {
      if (!asking.signal.aborted && isTold) this.context.tell(error);
    } finally {
      if (this.#asking === asking) {
        this.#asking = undefined;
        this.#asked = { at, took: performance.now() - at };
        this.#askAgain();
      }
    }
  }

  /** As many things as are wanted, in several answers where one has no room for them. */
  async #read(
    { search, from, count }: Pick<Wanted, "search" | "from" | "count">,
    signal: AbortSignal,
  ): Promise<Pick<MemoryPage, "things" | "total">> {
    const things: RememberedThing[] = [];
    for (;;) {
      const part = { search, from: from + things.length, count: Math.min(count - things.length, ANSWER_SIZE) };
      const page = await this.context.client.memory(this.#kind, part, { signal });
      things.push(...page.things);
      if (page.things.length === 0 || things.length >= count || from + things.length >= page.total)
        return { things, total: page.total };
    }
  }

  protected override render(): TemplateResult {
    const texts = this.texts.memory;
    return html`<div class="column">
      <nav aria-label=${texts.title}>
        ${memoryKinds.map(
          (kind) =>
            html`<a
              href=${formatRoute({ view: "memory", path: [kind] })}
              aria-current=${kind === this.#kind ? "page" : nothing}
              >${texts.kinds[kind]} <span class="count">${this.#number(this.counts[kind] ?? 0)}</span></a
            >`,
        )}
      </nav>
      <div class="toolbar">
        <label class="search">
          ${searchIcon}
          <input
            type="search"
            aria-label=${texts.search}
            placeholder=${texts.search}
            .value=${this.search}
            @input=${this.#type}
          />
        </label>
        <span class="quiet" role="status">${this.things === undefined ? "" : texts.matches(this.total, shownText(this.foundBy, 64))}</span>
        ${
          this.total === 0
            ? nothing
            : html`<button
              type="button"
              @click=${() => {
                this.#question({ type: "all" });
              }}
            >
              ${this.#forgetAllText()}
            </button>`
        }
      </div>
      ${this.things === undefined ? nothing : this.#renderThings(this.things)}
      <dialog aria-labelledby="question" @close=${() => (this.forgetting = undefined)}>${this.#renderQuestion()}</dialog>
    </div>`;
  }

  #renderThings(things: readonly RememberedThing[]): TemplateResult {
    const texts = this.texts.memory;
    if (things.length === 0) {
      return html`<div class="empty">
        <p><strong>${this.foundBy === "" ? texts.empty : texts.nothingFound}</strong></p>
        <p class="quiet">${texts.purposes[this.#kind]}</p>
      </div>`;
    }
    return html`<ul class="things">
        ${repeat(
          things,
          ({ key }) => key,
          (thing) => this.#renderThing(thing),
        )}
      </ul>
      ${
        things.length < this.total
          ? html`<button type="button" @click=${() => void this.#load({ from: things.length })}>${texts.more}</button>`
          : nothing
      }`;
  }

  #renderThing(thing: RememberedThing): TemplateResult {
    const texts = this.texts.memory;
    const subject = shownText(thing.subject, 256);
    return html`<li>
      <div class="about">
        <bdi class="subject" dir="ltr">${subject}</bdi>
        ${thing.expires === undefined ? nothing : html`<span class="quiet">${texts.expires(this.#date(thing.expires))}</span>`}
      </div>
      <button
        type="button"
        class="plain"
        aria-label=${texts.forgetNamed(subject)}
        @click=${() => {
          this.#question({ type: "one", thing });
        }}
      >
        ${texts.forget}
      </button>
      <dl>
        ${thing.facts.map(
          ([name, value]) =>
            html`<div>
              <dt class="quiet"><bdi>${wordFor(texts.facts, name)}</bdi></dt>
              <dd>${this.#fact(name, value)}</dd>
            </div>`,
        )}
      </dl>
    </li>`;
  }

  #renderQuestion(): TemplateResult | typeof nothing {
    const texts = this.texts.memory;
    const { forgetting } = this;
    if (forgetting === undefined) return nothing;
    return html`
      <h2 id="question">
        ${texts.asked(forgetting.type === "one" ? texts.forgetNamed(shownText(forgetting.thing.subject, 256)) : this.#forgetAllText())}
      </h2>
      <p><strong>${texts.kinds[this.#kind]}.</strong> ${texts.losses[this.#kind]}</p>
      <div class="answers">
        <button type="button" autofocus @click=${() => this.#dialog?.close()}>${texts.keep}</button>
        <button type="button" class="danger" @click=${() => void this.#forget(forgetting)}>${texts.confirm}</button>
      </div>
    `;
  }

  #forgetAllText(): string {
    const texts = this.texts.memory;
    if (this.foundBy === "") return texts.forgetAll(this.total);
    return texts.forgetMatching(this.total, shownText(this.foundBy, 64));
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  #question(forgetting: Forgetting): void {
    this.forgetting = forgetting;
    void this.updateComplete.then(() => this.#dialog?.showModal());
  }

  async #forget(forgetting: Forgetting): Promise<void> {
    const { client } = this.context;
    const [kind, search] = [this.#kind, this.foundBy];
    this.#dialog?.close();
    try {
      if (forgetting.type === "one") await client.forget(kind, forgetting.thing.key);
      else if (search === "") await client.forget(kind);
      else await this.#forgetMatching(kind, search);
    } catch (error) {
      this.context.tell(error);
    }
    await this.#load();
  }

  /** Page by page, until none is left, or one stays though it was forgotten. */
  async #forgetMatching(kind: MemoryKind, search: string): Promise<void> {
    const { client } = this.context;
    for (let before = Infinity; ; ) {
      const { things, total } = await client.memory(kind, { search, from: 0, count: PAGE_SIZE });
      if (total === 0 || total >= before) return;
      before = total;
      for (const { key } of things) await client.forget(kind, key);
    }
  }

  readonly #type = (event: InputEvent): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.search = event.target.value;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#load(), SEARCH_DELAY_MILLISECONDS);
  };

  #number(count: number): string {
    return new Intl.NumberFormat(this.words.locale).format(count);
  }

  /** A moment is told as all others of the page; everything else as it is. */
  #fact(name: string, value: string): TemplateResult {
    if (name === "subdomains") return html`<bdi>${wordFor(this.texts.memory.subdomains, value)}</bdi>`;
    return ISO_MOMENT.test(value)
      ? html`<bdi>${this.#date(value)}</bdi>`
      : html`<bdi dir="ltr">${shownText(value, 512)}</bdi>`;
  }

  #date(iso: string): string {
    const date = new Date(iso);
    if (Number.isNaN(date.getTime())) return shownText(iso, 64);
    return new Intl.DateTimeFormat(this.words.locale, { dateStyle: "medium", timeStyle: "short" }).format(date);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-memory": ConsoleMemory;
  }
}
