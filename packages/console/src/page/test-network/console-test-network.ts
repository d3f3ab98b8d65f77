import { shownText } from "@fairlead/widgets";
import { html, nothing, type TemplateResult } from "lit";
import type { ShownFault, ShownFaultType, ShownService, ShownTestNetwork } from "../../protocol/index.ts";
import { goIcon, searchIcon, warningIcon } from "../icons.ts";
import { ViewElement } from "../views/view-element.ts";
import { familiesOf } from "./rules/families.ts";
import { readFaultOrder } from "./rules/fault-order.ts";
import { testNetworkStyles } from "./test-network-styles.ts";

/** The services of the test network to try, and faults to switch on: `<console-test-network>`. */
export class ConsoleTestNetwork extends ViewElement {
  static override readonly tag = "console-test-network";

  static override properties = {
    ...ViewElement.properties,
    network: { state: true },
    search: { state: true },
    chosen: { state: true },
    isFailed: { state: true },
  };

  static override styles = testNetworkStyles;

  /** `undefined` until it has been started. */
  declare protected network: ShownTestNetwork | undefined;
  declare protected search: string;
  /** The type of fault that is being ordered. */
  declare protected chosen: string;
  declare protected isFailed: boolean;

  #asking = new AbortController();

  constructor() {
    super();
    this.network = undefined;
    this.search = "";
    this.chosen = "";
    this.isFailed = false;
  }

  protected override firstUpdated(): void {
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  async #load(): Promise<void> {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.isFailed = false;
    try {
      this.network = await this.context.client.testNetwork({ signal });
    } catch (error) {
      if (signal.aborted) return;
      this.isFailed = this.network === undefined;
      this.context.tell(error);
    }
  }

  protected override render(): TemplateResult {
    const texts = this.texts.testNetwork;
    const { network } = this;
    if (network === undefined) {
      return html`<div class="empty" role="status">
        <p class="quiet">${this.isFailed ? texts.failed : texts.starting}</p>
        ${this.isFailed ? html`<button type="button" @click=${() => void this.#load()}>${texts.again}</button>` : nothing}
      </div>`;
    }
    return html`<div class="columns">
      <section class="services" aria-label=${texts.search}>${this.#renderServices(network)}</section>
      <section class="faults" aria-labelledby="faults">${this.#renderFaults(network)}</section>
    </div>`;
  }

  #renderServices({ services }: ShownTestNetwork): TemplateResult {
    const texts = this.texts.testNetwork;
    const families = familiesOf(services, this.search);
    const count = families.reduce((sum, each) => sum + each.services.length, 0);
    return html`
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
        <span class="quiet" role="status">${count === 0 ? texts.nothingFound : texts.shown(count)}</span>
      </div>
      ${families.map(
        ({ family, services: found }) =>
          html`<details ?open=${this.search !== ""}>
            <summary><h2>${shownText(family, 64)}</h2> <span class="quiet">${this.#number(found.length)}</span></summary>
            <ul>
              ${found.map((each) => this.#renderService(each))}
            </ul>
          </details>`,
      )}
    `;
  }

  #renderService({ name, description, url }: ShownService): TemplateResult {
    const texts = this.texts.testNetwork;
    const shown = shownText(name, 128);
    return html`<li>
      <div>
        <bdi class="mono" dir="ltr">${shown}</bdi>
        <p class="quiet" dir="auto">${shownText(description, 256)}</p>
      </div>
      ${
        url === undefined
          ? html`<span class="quiet none">${texts.noHttp}</span>`
          : html`<button type="button" class="plain" aria-label=${texts.load(shown)} title=${texts.load(shown)} @click=${() => void this.context.open(url)}>
              ${goIcon}
            </button>`
      }
    </li>`;
  }

  #renderFaults({ faults, faultTypes, services }: ShownTestNetwork): TemplateResult {
    const texts = this.texts.testNetwork;
    const type = faultTypes.find((each) => each.type === this.chosen) ?? faultTypes[0];
    return html`
      <h2 id="faults">${texts.faults} ${faults.length > 0 ? html`<span class="on">${texts.on(faults.length)}</span>` : nothing}</h2>
      <p class="quiet">${texts.faultsHint}</p>
      <div aria-live="polite">
        ${
          faults.length === 0
            ? html`<p class="well">${texts.noFaults}</p>`
            : html`<ul class="acting">
                ${faults.map((each) => this.#renderFault(each))}
              </ul>`
        }
      </div>
      ${type === undefined ? nothing : this.#renderOrder(type, faultTypes, services)}
    `;
  }

  #renderFault({ id, type, service, description, hits }: ShownFault): TemplateResult {
    const texts = this.texts.testNetwork;
    const shown = shownText(type, 64);
    return html`<li>
      ${warningIcon}
      <div>
        <bdi class="mono" dir="ltr">${shown}</bdi>
        <p class="quiet">
          ${service === undefined ? texts.allServices : html`<bdi dir="ltr">${shownText(service, 64)}</bdi>`}
          ${description === "" ? nothing : html`· <bdi dir="ltr">${shownText(description, 128)}</bdi>`} ·
          ${texts.hits(hits)}
        </p>
      </div>
      <button type="button" aria-label=${texts.switchOff(shown)} @click=${() => void this.#switchOff(id)}>${texts.off}</button>
    </li>`;
  }

  #renderOrder(
    type: ShownFaultType,
    types: readonly ShownFaultType[],
    services: readonly ShownService[],
  ): TemplateResult {
    const texts = this.texts.testNetwork;
    return html`<details><summary>${texts.order}</summary><form @submit=${(event: SubmitEvent) => void this.#switchOn(event, type)}>
      <label>
        <span>${texts.type}</span>
        <select name="type" @change=${this.#choose}>
          ${types.map((each) => html`<option value=${each.type} ?selected=${each === type}>${shownText(each.type, 64)}</option>`)}
        </select>
      </label>
      <p class="quiet" dir="auto">${shownText(type.description, 256)}</p>
      <label>
        <span>${texts.service}</span>
        <select name="service">
          <option value="">${texts.allServices}</option>
          ${services
            .filter(({ kind }) => kind === "service")
            .map(({ name }) => html`<option value=${name}>${shownText(name, 64)}</option>`)}
        </select>
      </label>
      ${type.parameters.map(
        ({ name, description, least, most, isRequired, fallback }) =>
          html`<label>
            <span><bdi dir="ltr">${shownText(name, 64)}</bdi></span>
            <input
              name=${`value-${name}`}
              type="number"
              step="any"
              min=${least}
              max=${most}
              ?required=${isRequired}
              placeholder=${fallback ?? nothing}
            />
            <small class="quiet" dir="auto">${shownText(description, 128)}</small>
          </label>`,
      )}
      <button class="primary">${texts.switchOn}</button>
    </form></details>`;
  }

  readonly #type = (event: InputEvent): void => {
    if (event.target instanceof HTMLInputElement) this.search = event.target.value;
  };

  readonly #choose = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) this.chosen = event.target.value;
  };

  async #switchOn(event: SubmitEvent, type: ShownFaultType): Promise<void> {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const data = new FormData(event.target);
    const order = readFaultOrder(type, (name) => {
      const value = data.get(name);
      return typeof value === "string" ? value : "";
    });
    await this.#change(() => this.context.client.switchFaultOn(order));
  }

  async #switchOff(id: string): Promise<void> {
    await this.#change(() => this.context.client.switchFaultOff(id));
  }

  async #change(asked: () => Promise<unknown>): Promise<void> {
    try {
      await asked();
    } catch (error) {
      this.context.tell(error);
    }
    await this.#load();
  }

  #number(count: number): string {
    return new Intl.NumberFormat(this.words.locale).format(count);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-test-network": ConsoleTestNetwork;
  }
}
