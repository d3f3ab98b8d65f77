import type { FairleadTlsSettingsEvent } from "@fairlead/widgets";
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import {
  type ChosenRedirects,
  type ConsoleSettings as Settings,
  type SettingsPage,
  timedPhases,
} from "../../protocol/index.ts";
import { RequestProblem } from "../client/request-problem.ts";
import { languages, speakLanguage } from "../messages/page-language.ts";
import { ViewElement } from "../views/view-element.ts";
import { applyTheme, chosenTheme, keepLanguage, themes } from "./page-preferences.ts";
import { proxyOfType } from "./proxy-choice.ts";
import { settingsStyles } from "./settings-styles.ts";

const redirects: readonly ChosenRedirects[] = ["no-less-safe", "ask", "same-origin", "same-site", "manual", "error"];

/** The view: `<console-settings>`. What is changed is applied at once for the page, and by a button for the manager. */
export class ConsoleSettings extends ViewElement {
  static override readonly tag = "console-settings";

  static override properties = {
    ...ViewElement.properties,
    page: { state: true },
    draft: { state: true },
    isForeign: { state: true },
    isApplying: { state: true },
    isApplied: { state: true },
  };

  static override styles = settingsStyles;

  /** As the server has them; `undefined` until it has said. */
  declare protected page: SettingsPage | undefined;
  /** As the person wants them. */
  declare protected draft: Settings | undefined;
  declare protected isForeign: boolean;
  declare protected isApplying: boolean;
  declare protected isApplied: boolean;

  constructor() {
    super();
    this.page = undefined;
    this.draft = undefined;
    this.isForeign = false;
    this.isApplying = false;
    this.isApplied = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  protected override render(): TemplateResult {
    const texts = this.texts.settings;
    return html`<h2 class="visually-hidden">${texts.title}</h2>
      ${this.#drawPage()}
      <section aria-labelledby="manager">
        <h3 id="manager">${texts.manager}</h3>
        ${this.isForeign ? html`<p class="quiet">${texts.notOurs}</p>` : nothing}
        ${this.page === undefined || this.draft === undefined ? nothing : this.#drawManager(this.page, this.draft)}
      </section>`;
  }

  #drawPage(): TemplateResult {
    const texts = this.texts.settings;
    return html`<section aria-labelledby="page">
      <h3 id="page">${texts.page}</h3>
      <div class="fields">
        <label class="field"
          >${texts.theme}
          <select
            @change=${(event: Event): void => {
              const theme = themes.find((each) => each === valueOf(event));
              if (theme !== undefined) applyTheme(theme);
            }}
          >
            ${themes.map((each) => option(each, texts.themes[each], each === chosenTheme()))}
          </select>
        </label>
        <label class="field"
          >${texts.language}
          <select
            @change=${(event: Event): void => {
              const language = languages.find((each) => each === valueOf(event));
              if (language === undefined) return;
              keepLanguage(language);
              speakLanguage(language);
            }}
          >
            ${languages.map((each) => option(each, texts.languages[each], each === this.words.locale))}
          </select>
        </label>
      </div>
    </section>`;
  }

  #drawManager({ offered, isChangeable, settings }: SettingsPage, draft: Settings): TemplateResult {
    const texts = this.texts.settings;
    const isChanged = JSON.stringify(settings) !== JSON.stringify(draft);
    return html`<form ?inert=${!isChangeable || this.isApplying} @submit=${this.#apply}>
      <p class="quiet">${isChangeable ? texts.managerHint : texts.notOurs}</p>
      <div class="fields">
        ${this.#drawChoice(
          texts.store,
          offered.stores.map(({ id, description }) => [id, description]),
          draft.store,
          (store) => ({ store }),
        )}
        ${this.#drawChoice(
          texts.redirect,
          redirects.map((each) => [each, texts.redirects[each]]),
          draft.redirect,
          (value) => ({ redirect: redirects.find((each) => each === value) ?? draft.redirect }),
        )}
        ${this.#drawChoice(
          texts.proxy,
          (["environment", "none", "url", "pac"] as const).map((each) => [each, texts.proxies[each]]),
          draft.proxy.type,
          (type) => ({ proxy: proxyOfType(draft.proxy, type) }),
        )}
        ${this.#drawProxyUrl(draft)}
      </div>
      <div class="switches">
        ${(["http2", "cookies", "cache", "hstsPreload"] as const).map((name) =>
          this.#drawSwitch(texts[name], draft[name], (isOn) => ({ [name]: isOn })),
        )}
        ${this.#drawSwitch(texts.sendSecretsInTheClear, draft.dangerous.sendSecretsInTheClear, (isOn) => ({
          dangerous: { sendSecretsInTheClear: isOn },
        }))}
      </div>
      ${this.#drawTimeouts(draft)}
      <h4>${texts.tls}</h4>
      <fairlead-tls-settings
        .choice=${draft.tls}
        .offered=${offered.tls}
        @fairlead-tls-settings=${({ choice }: FairleadTlsSettingsEvent): void => this.#change({ tls: choice })}
      ></fairlead-tls-settings>
      <div class="actions">
        <span role="status" class="good">${this.isApplied && !isChanged ? texts.applied : nothing}</span>
        <button type="button" ?disabled=${!isChanged} @click=${this.#revert}>${texts.revert}</button>
        <button type="submit" class="primary" ?disabled=${!isChanged}>${texts.apply}</button>
      </div>
    </form>`;
  }

  #drawChoice(
    label: string,
    options: readonly (readonly [value: string, text: string])[],
    chosen: string,
    changes: (value: string) => Partial<Settings>,
  ): TemplateResult {
    return html`<label class="field"
      >${label}
      <select @change=${(event: Event): void => this.#change(changes(valueOf(event)))}>
        ${options.map(([value, text]) => option(value, text, value === chosen))}
      </select>
    </label>`;
  }

  #drawProxyUrl({ proxy }: Settings): TemplateResult | typeof nothing {
    if (proxy.type !== "url" && proxy.type !== "pac") return nothing;
    return html`<label class="field"
      >${this.texts.settings.proxyUrl}
      <input
        dir="ltr"
        required
        autocomplete="off"
        spellcheck="false"
        .value=${live(proxy.url)}
        @change=${(event: Event): void => this.#change({ proxy: { ...proxy, url: valueOf(event).trim() } })}
      />
    </label>`;
  }

  #drawTimeouts({ timeouts }: Settings): TemplateResult {
    const texts = this.texts.settings;
    return html`<fieldset>
      <legend>${texts.timeouts}</legend>
      <p class="quiet">${texts.timeoutsHint}</p>
      <div class="numbers">
        ${timedPhases.map((phase) => {
          const milliseconds = timeouts[phase];
          return html`<label class="field"
            >${texts.phases[phase]}
            <input
              type="number"
              min="0.001"
              max="2147483"
              step="any"
              ?required=${phase !== "total"}
              .value=${live(milliseconds === null ? "" : String(milliseconds / 1_000))}
              @change=${(event: Event): void => {
                const seconds = Number.parseFloat(valueOf(event));
                const value = Number.isFinite(seconds) ? Math.round(seconds * 1_000) : null;
                if (value !== null || phase === "total") this.#change({ timeouts: { ...timeouts, [phase]: value } });
                else this.requestUpdate();
              }}
            />
          </label>`;
        })}
      </div>
    </fieldset>`;
  }

  #drawSwitch(text: string, isOn: boolean, changes: (isOn: boolean) => Partial<Settings>): TemplateResult {
    return html`<label class="switch">
      <input type="checkbox" .checked=${live(isOn)} @change=${(): void => this.#change(changes(!isOn))} />
      <span>${text}</span>
    </label>`;
  }

  #change(changes: Partial<Settings>): void {
    this.isApplied = false;
    if (this.draft !== undefined) this.draft = { ...this.draft, ...changes };
  }

  readonly #revert = (): void => {
    this.draft = this.page?.settings;
  };

  readonly #apply = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { draft } = this;
    if (draft === undefined) return;
    this.isApplying = true;
    try {
      this.#take(await this.context.client.applySettings(draft));
      this.isApplied = true;
    } catch (error) {
      this.context.tell(error);
    } finally {
      this.isApplying = false;
    }
  };

  async #load(): Promise<void> {
    // Whoever creates an element gives it its properties before anything else happens.
    await this.updateComplete;
    try {
      this.#take(await this.context.client.settings());
    } catch (error) {
      if (error instanceof RequestProblem && error.status === 404) this.isForeign = true;
      else this.context.tell(error);
    }
  }

  #take(page: SettingsPage): void {
    this.page = page;
    this.draft = page.settings;
  }
}

function option(value: string, text: string, isChosen: boolean): TemplateResult {
  return html`<option value=${value} .selected=${live(isChosen)}>${text}</option>`;
}

function valueOf({ target }: Event): string {
  return target instanceof HTMLSelectElement || target instanceof HTMLInputElement ? target.value : "";
}

declare global {
  interface HTMLElementTagNameMap {
    "console-settings": ConsoleSettings;
  }
}
