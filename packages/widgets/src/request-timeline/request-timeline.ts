import { html, nothing, type TemplateResult } from "lit";
import { FairleadElement } from "../element.ts";
import { styleProperties } from "../style-properties.ts";
import { drawBreakable, drawUrlText } from "../draw-url-text.ts";
import { endsOfList } from "../long-list/rules/ends-of-list.ts";
import { shownText } from "../text/shown-text.ts";
import { displayUrl } from "../url/display-url.ts";
import { type HopRow, layOutTimeline, type TimelineLayout, type TimelinePhase } from "./rules/layout.ts";
import { timelineStyles } from "./request-timeline-styles.ts";
import type { TimelineHop } from "./timeline-facts.ts";

/** How often what is under way grows. */
const TICK_MILLISECONDS = 250;
/** Of a URL that a server has chosen, a line or two. */
const URL_LIMIT = 160;
/** Nobody follows more, and a program that is looked at may tell of any number. */
const MOST_HOPS = 500;
/** A mark that is nearer to the end has no room for its label. */
const LAST_LABEL = 0.9;

/**
 * The hops of a request as a waterfall: what each did, for how long, and why there was another. It is a table of which each
 * row can be opened; its bars are a picture of what the rows say in words. Time runs as text runs, to the left where the
 * words are Arabic: the names of the hops stand where time begins.
 *
 * @element fairlead-request-timeline
 * @csspart axis - The marks of time.
 * @csspart hop - A row.
 * @csspart bar - A phase of a hop.
 * @csspart legend - What the patterns mean.
 */
export class FairleadRequestTimeline extends FairleadElement {
  static override readonly tag: string = "fairlead-request-timeline";

  static override properties = {
    ...FairleadElement.properties,
    hops: { attribute: false },
    now: { type: Number },
    opened: { state: true },
  };

  static override styles = timelineStyles;

  /** In their order. A new array for each change. */
  declare hops: readonly TimelineHop[];
  /** Milliseconds since the epoch, for what is under way; `undefined`, the default, takes the clock. */
  declare now: number | undefined;
  declare protected opened: ReadonlySet<number>;

  #layout: TimelineLayout | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.hops = [];
    this.now = undefined;
    this.opened = new Set();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tickWhileRunning();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  protected override willUpdate(): void {
    super.willUpdate();
    this.#layout = layOutTimeline(this.hops, this.now ?? Date.now());
  }

  protected override updated(): void {
    this.#tickWhileRunning();
  }

  #tickWhileRunning(): void {
    const isRunning = this.isConnected && this.now === undefined && this.#layout?.isRunning === true;
    if (isRunning === (this.#ticking !== undefined)) return;
    clearInterval(this.#ticking);
    this.#ticking = isRunning ? setInterval(() => this.requestUpdate(), TICK_MILLISECONDS) : undefined;
  }

  protected override render(): TemplateResult {
    const words = this.words.requestTimeline;
    const layout = this.#layout;
    if (layout === undefined || layout.rows.length === 0) return html`<p class="quiet">${words.empty}</p>`;
    const { request, result, duration, phases } = words.columns;
    const { first, between, last } = endsOfList(layout.rows, MOST_HOPS);
    // Their display is not a table's, so what they are is said.
    return html`
      <p class="summary">${words.summary(layout.rows.length, layout.milliseconds)}</p>
      <table role="table" aria-label=${words.label}>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader">${request}</th>
            <th role="columnheader">${result}</th>
            <th role="columnheader" class="duration">${duration}</th>
            <th role="columnheader" class="axis" part="axis">
              <span class="visually-hidden">${phases}</span>
              <span class="ticks" aria-hidden="true">
                ${layout.ticks
                  .filter(({ at }) => at <= LAST_LABEL)
                  .map(
                    ({ at, milliseconds }) =>
                      html`<span class="tick" ${styleProperties({ "--_at": at })}>${words.duration(milliseconds)}</span>`,
                  )}
              </span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${first.map((row, index) => this.#renderHop(row, index, layout))}
          ${
            between === 0
              ? nothing
              : html`<tr role="row" class="between">
                  <td role="cell" aria-colspan="4" class="quiet">${words.between(between)}</td>
                </tr>`
          }
          ${last.map((row, index) => this.#renderHop(row, first.length + between + index, layout))}
        </tbody>
      </table>
      <ul class="legend" part="legend" aria-label=${words.legend}>
        ${layout.phases.map((phase) => html`<li>${swatch(phase)}${words.phases[phase]}</li>`)}
      </ul>
    `;
  }

  #renderHop(row: HopRow, index: number, { ticks }: TimelineLayout): TemplateResult {
    const words = this.words.requestTimeline;
    const { hop } = row;
    const isOpened = this.opened.has(index);
    return html`<tr role="row" part="hop" class=${hop.error === undefined ? "" : "failed"}>
      <td role="cell" class="request">
        <button
          type="button"
          class="plain"
          aria-expanded=${String(isOpened)}
          title=${words.details}
          @click=${() => this.#toggle(index)}
        >
          <svg class="chevron" viewBox="0 0 20 20" aria-hidden="true"><path d="m7.5 5 5 5-5 5"></path></svg>
          <span><span class="method">${shownText(hop.method, 32)}</span> ${renderUrl(hop.url)}</span>
        </button>
      </td>
      <td role="cell" class="result">${this.#result(row)}</td>
      <td role="cell" class="duration">${words.duration(row.milliseconds)}</td>
      <td role="cell" class="phases">
        <div class="track" aria-hidden="true">
          ${ticks.map(({ at }) => html`<span class="line" ${styleProperties({ "--_at": at })}></span>`)}
          ${row.bars.length === 0 ? html`<span class="bar none" ${styleProperties({ "--_at": row.start })}></span>` : nothing}
          ${row.bars.map(
            ({ phase, start, width, milliseconds, isOpen }) =>
              html`<span
                class="bar ${phase} ${isOpen ? "open" : ""}"
                part="bar"
                title=${`${words.phases[phase]}: ${words.duration(milliseconds)}`}
                ${styleProperties({ "--_at": start, "--_width": width })}
              ></span>`,
          )}
        </div>
        <div class=${isOpened ? "details" : "visually-hidden"}>${this.#renderDetails(row)}</div>
      </td>
    </tr>`;
  }

  #result({ hop, isRunning }: HopRow): TemplateResult {
    const words = this.words.requestTimeline;
    const reason = hop.reason === "network" ? undefined : (own(words.reasons, hop.reason) ?? shownText(hop.reason, 64));
    return html`
      ${hop.status === undefined ? nothing : html`<bdi dir="ltr" class="status">${hop.status}</bdi>`}
      ${hop.error === undefined ? nothing : html`<span class="bad">${words.failed(shownText(hop.error, 128))}</span>`}
      ${isRunning ? html`<span>${words.running}</span>` : nothing}
      ${reason === undefined || reason === "" ? nothing : html`<span class="quiet">${reason}</span>`}
    `;
  }

  #renderDetails({ hop, bars }: HopRow): TemplateResult {
    const words = this.words.requestTimeline;
    const early = own(words.earlyData, hop.tls?.earlyData ?? "none");
    const notes = [
      ...(hop.protocol === "" ? [] : [html`<bdi dir="ltr">${shownText(hop.protocol, 32)}</bdi>`]),
      ...(hop.reused ? [words.reused] : []),
      ...(early === undefined ? [] : [early]),
      ...hop.repeats.slice(0, 20).map((each) => words.repeated(own(words.repeats, each) ?? shownText(each, 64))),
    ];
    return html`
      <ul class="list">
        ${bars.map(
          ({ phase, milliseconds }) =>
            html`<li>
              ${swatch(phase)}<span>${words.phases[phase]}</span> <b>${words.duration(milliseconds)}</b>
            </li>`,
        )}
      </ul>
      <ul class="notes quiet">
        ${notes.map((each) => html`<li>${each}</li>`)}
      </ul>
    `;
  }

  #toggle(index: number): void {
    const opened = new Set(this.opened);
    if (!opened.delete(index)) opened.add(index);
    this.opened = opened;
  }
}

function swatch(phase: TimelinePhase): TemplateResult {
  return html`<span class="swatch ${phase}" aria-hidden="true"></span>`;
}

function renderUrl(url: string): TemplateResult {
  const display = displayUrl(url);
  if (display.type === "text")
    return html`<bdi dir="ltr" class="url">${drawUrlText(shownText(display.text, URL_LIMIT), drawBreakable)}</bdi>`;
  let room = URL_LIMIT;
  return html`<bdi dir="ltr" class="url"
    >${display.parts.map(({ text, emphasis, role }) => {
      const isOrigin = role !== "path" && role !== "query" && role !== "fragment" && role !== "opaque";
      const shown = isOrigin || text.length <= room ? text : `${text.slice(0, Math.max(0, room))}…`;
      room -= shown.length;
      return html`<span class="url-${emphasis}">${drawUrlText(shown, drawBreakable)}</span>`;
    })}</bdi
  >`;
}

/** What comes from outside names a word, and nothing else that an object has. */
function own(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-request-timeline": FairleadRequestTimeline;
  }
}
