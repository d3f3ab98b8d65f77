import { html, nothing, type TemplateResult } from "lit";
import { FairleadElement } from "../element.ts";
import { styleProperties } from "../style-properties.ts";
import { drawUrlText } from "../draw-url-text.ts";
import { shownText } from "../text/shown-text.ts";
import { actionIcon, transferIcon } from "./icons.ts";
import { type Announcement, announce } from "./rules/announcement.ts";
import { estimateTransfer, type TransferEstimate } from "./rules/estimate.ts";
import { shownFileName } from "./rules/shown-file-name.ts";
import { shownPeer } from "./rules/shown-peer.ts";
import { sampleTransfer, type ShownProgress, showProgress } from "./rules/shown-progress.ts";
import { FairleadTransferEvent } from "./transfer-event.ts";
import type { TransferAction, TransferFacts } from "./transfer-facts.ts";
import { transferProgressStyles } from "./transfer-progress-styles.ts";

/** How often what depends on the time alone is shown anew: that nothing comes any more. */
const TICK_MILLISECONDS = 1_000;

/**
 * One download or upload: how far it is, how fast, how long it will take, and what can be done with it.
 *
 * Its progress does not lie: it never goes back but where the transfer was begun again, is never whole before the host
 * application says that it is done, and shows no length when the announced one was wrong. Rate and remaining time are
 * measured by the element from the facts that it is given, whenever it is given them.
 *
 * @element fairlead-transfer-progress
 * @fires {FairleadTransferEvent} fairlead-transfer - A person asks for something to be done with it.
 * @csspart name - The name of the file.
 * @csspart bar - The track of the progress bar.
 * @csspart fill - What is there of it.
 * @csspart actions - The buttons.
 * @csspart problem - The reason of a failure, and its remedy.
 * @cssprop --fairlead-accent - The colour of the bar.
 * @cssprop --fairlead-danger - The colour of a failure.
 */
export class FairleadTransferProgress extends FairleadElement {
  static override readonly tag: string = "fairlead-transfer-progress";

  static override properties = {
    ...FairleadElement.properties,
    transfer: { attribute: false },
    now: { type: Number },
  };

  static override styles = transferProgressStyles;

  /** What is shown; a new object for each change. Another `id` begins another measurement. */
  declare transfer: TransferFacts | undefined;
  /** Milliseconds; `undefined`, the default, takes the clock. */
  declare now: number | undefined;

  #measuredId: string | undefined;
  #estimate: TransferEstimate | undefined;
  #announced: Announcement | undefined;
  #announcement = "";
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.transfer = undefined;
    this.now = undefined;
  }

  /** Which of its buttons has the focus. */
  get focusedAction(): TransferAction | undefined {
    const focused = this.shadowRoot?.activeElement;
    return this.transfer?.actions.find((each) => focused?.matches(`[data-action="${each}"]`));
  }

  /** Gives the focus to one of its buttons, or to the first where it has none for that. */
  focusAction(action: TransferAction | undefined): void {
    const buttons = [...this.renderRoot.querySelectorAll<HTMLElement>("[data-action]")];
    (buttons.find((each) => each.dataset["action"] === action) ?? buttons[0])?.focus();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tickWhileMoving();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  protected override willUpdate(): void {
    super.willUpdate();
    const { transfer } = this;
    if (transfer === undefined) return;
    if (transfer.id !== this.#measuredId) {
      this.#measuredId = transfer.id;
      this.#estimate = undefined;
      this.#announced = undefined;
      this.#announcement = "";
    }
    this.#estimate = estimateTransfer(this.#estimate, sampleTransfer(transfer, this.now ?? Date.now()));
  }

  protected override updated(): void {
    this.#tickWhileMoving();
  }

  #tickWhileMoving(): void {
    const isMoving = this.isConnected && this.transfer?.state === "under-way" && this.now === undefined;
    if (isMoving === (this.#ticking !== undefined)) return;
    clearInterval(this.#ticking);
    this.#ticking = isMoving ? setInterval(() => this.requestUpdate(), TICK_MILLISECONDS) : undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { transfer } = this;
    if (transfer === undefined || this.#estimate === undefined) return nothing;
    const shown = showProgress(transfer, this.#estimate);
    const name = shownFileName(transfer.name);
    const words = this.words.transfer;
    return html`
      <div class="transfer ${shown.phase}">
        <span class="direction">
          ${transferIcon(transfer.direction, shown.phase)}
          <span class="visually-hidden">${words.directions[transfer.direction]}</span>
        </span>
        <div class="title">
          <bdi class="name" dir="ltr" part="name">${name}</bdi>
          <bdi class="peer quiet" dir="ltr">${drawUrlText(shownPeer(transfer.url))}</bdi>
        </div>
        <div class="actions" part="actions">${shown.actions.map((each) => this.#renderAction(each, name))}</div>
        ${this.#renderBar(shown, name)}
        <p class="facts">${this.#facts(transfer, shown).map((each) => html`<span>${each}</span>`)}</p>
        ${transfer.state === "failed" ? this.#renderProblem(transfer) : nothing}
      </div>
      <div class="visually-hidden" role="status">${this.#announce(name, shown)}</div>
    `;
  }

  #renderAction(action: TransferAction, name: string): TemplateResult {
    const words = this.words.transfer;
    return html`<button
      type="button"
      class="plain"
      title=${words.actions[action]}
      aria-label=${words.actionOn(action, name)}
      data-action=${action}
      @click=${() => this.#ask(action)}
    >
      ${actionIcon(action)}
    </button>`;
  }

  #renderBar(shown: ShownProgress, name: string): TemplateResult | typeof nothing {
    const { fraction } = shown;
    if (shown.phase === "done" || shown.phase === "cancelled") return nothing;
    if (shown.phase === "failed" && fraction === undefined) return nothing;
    const isUnknown = fraction === undefined && shown.phase !== "waiting";
    return html`<div
      class="bar ${isUnknown ? "unknown" : ""}"
      part="bar"
      role="progressbar"
      aria-label=${name}
      aria-valuenow=${fraction === undefined ? nothing : Math.floor(fraction * 100)}
      aria-valuetext=${this.#valueText(shown)}
    >
      <div
        class="fill"
        part="fill"
        ${styleProperties({ "--_share": fraction ?? 0, "--_resumed": shown.resumedFraction })}
      >
        ${shown.resumedFraction > 0 ? html`<div class="resumed"></div>` : nothing}
      </div>
    </div>`;
  }

  #valueText(shown: ShownProgress): string {
    const words = this.words.transfer;
    const parts = [
      shown.fraction === undefined ? undefined : words.percent(shown.fraction),
      words.amount(shown.bytes, shown.totalBytes),
      shown.phase === "under-way" ? undefined : words.phases[shown.phase],
      shown.remaining === undefined ? undefined : words.remaining(shown.remaining),
    ];
    return parts.filter((each) => each !== undefined).join(", ");
  }

  /** What is told below the bar, the most important first. */
  #facts(transfer: TransferFacts, shown: ShownProgress): readonly (string | TemplateResult)[] {
    const words = this.words.transfer;
    const facts: (string | TemplateResult)[] = [];
    if (shown.phase !== "under-way") facts.push(html`<strong>${words.phases[shown.phase]}</strong>`);
    if (shown.phase !== "done" && shown.fraction !== undefined) facts.push(words.percent(shown.fraction));
    if (shown.phase === "done") facts.push(words.size(shown.bytes));
    else if (shown.phase !== "waiting" || shown.bytes > 0) facts.push(words.amount(shown.bytes, shown.totalBytes));
    if (shown.silentMilliseconds !== undefined) facts.push(words.silent(shown.silentMilliseconds));
    if (shown.rate !== undefined) facts.push(words.rate(shown.rate));
    if (shown.remaining !== undefined) facts.push(words.remaining(shown.remaining));
    if (transfer.resumedFromBytes > 0) facts.push(words.resumed(transfer.resumedFromBytes));
    if (transfer.discardedBytes > 0) facts.push(words.discarded(transfer.discardedBytes));
    if (transfer.restarts > 0) facts.push(words.restarted(transfer.restarts));
    return facts;
  }

  #renderProblem({ error, remedy }: TransferFacts): TemplateResult {
    const words = this.words.transfer;
    return html`<div class="problem" part="problem">
      <p dir="auto">${error === undefined ? words.unknownReason : shownText(error)}</p>
      ${remedy === undefined ? nothing : html`<p><strong>${words.remedy}</strong> <bdi>${shownText(remedy)}</bdi></p>`}
    </div>`;
  }

  /** Read out is what has changed since it was drawn first, and is worth it. */
  #announce(name: string, shown: ShownProgress): string {
    const next = announce(shown);
    const before = this.#announced;
    if (before?.phase === next.phase && before.percent === next.percent) return this.#announcement;
    if (before !== undefined) this.#announcement = this.words.transfer.announcement(name, next);
    this.#announced = next;
    return this.#announcement;
  }

  #ask(action: TransferAction): void {
    if (this.transfer !== undefined) this.dispatchEvent(new FairleadTransferEvent(action, this.transfer.id));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-transfer-progress": FairleadTransferProgress;
  }
}
