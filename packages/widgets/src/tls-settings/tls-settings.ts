import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { FairleadElement } from "../element.ts";
import { icons } from "../icons.ts";
import { shownText } from "../text/shown-text.ts";
import { decideChange, type TlsDecision } from "./rules/decide-change.ts";
import { availableBackend, type AvailableBackend, type OfferedTls } from "./rules/offered-tls.ts";
import { presetNameOf } from "./rules/presets.ts";
import type { TlsConsequence } from "./rules/settle.ts";
import type { TlsChange } from "./rules/tls-change.ts";
import { cipherNames, groupNames, type TlsChoice } from "./rules/tls-choice.ts";
import { problemsOf, type TlsChoiceProblem } from "./rules/valid-choice.ts";
import { isHybrid, ordinaryWeaknesses, weaknessesOf } from "./rules/weaknesses.ts";
import { withToggled } from "./rules/with-toggled.ts";
import { FairleadTlsSettingsEvent } from "./tls-settings-event.ts";
import { tlsSettingsStyles } from "./tls-settings-styles.ts";
import { drawQuestion, drawWeaknesses } from "./weakness-question.ts";

const NAME_LIMIT = 120;

/**
 * Lets a person choose how TLS is done, from what this machine can do. Every choice that it comes to can be carried out: what
 * a change brings along is changed with it, what cannot be is refused and said why. A choice that is weaker in any respect
 * names what is lost, and is made only when that is confirmed.
 *
 * @element fairlead-tls-settings
 * @fires {FairleadTlsSettingsEvent} fairlead-tls-settings - With the new choice, which is the element's from now on, too.
 * @csspart section - Each group of settings.
 * @csspart question - The dialog that names what is lost.
 */
export class FairleadTlsSettings extends FairleadElement {
  static override readonly tag = "fairlead-tls-settings";

  static override properties = {
    ...FairleadElement.properties,
    choice: { attribute: false },
    offered: { attribute: false },
    asked: { state: true },
    refused: { state: true },
    brought: { state: true },
  };

  static override styles = tlsSettingsStyles;

  /** What is chosen; nothing is drawn without. */
  declare choice: TlsChoice | undefined;
  /** What there is to choose from; nothing is drawn without. */
  declare offered: OfferedTls | undefined;
  declare protected asked: Extract<TlsDecision, { type: "ask" }> | undefined;
  declare protected refused: readonly TlsChoiceProblem[];
  declare protected brought: readonly TlsConsequence[];

  constructor() {
    super();
    this.choice = undefined;
    this.offered = undefined;
    this.asked = undefined;
    this.refused = [];
    this.brought = [];
  }

  protected override willUpdate(changed?: PropertyValues<this>): void {
    super.willUpdate();
    // A question is about the choice, and about what there was to choose from.
    if (changed?.has("choice") === true || changed?.has("offered") === true) this.asked = undefined;
  }

  protected override updated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog !== null && !dialog.open) dialog.showModal();
  }

  protected override render(): unknown {
    const { choice, offered, asked } = this;
    if (choice === undefined || offered === undefined) return nothing;
    const words = this.words.tlsSettings;
    const backend = availableBackend(offered, choice.backend);
    return html`<form aria-label=${words.label} ?inert=${asked !== undefined} @submit=${(event: Event): void => event.preventDefault()}>
        ${this.#drawNotes(choice, offered, backend)} ${this.#drawPreset(choice, backend)}
        ${this.#drawBackend(choice, offered)}
        ${
          backend === undefined
            ? nothing
            : html`${this.#drawVersions(choice, backend)} ${this.#drawList("groups", choice, backend)}
              ${this.#drawList("ciphers", choice, backend)} ${this.#drawTrust(choice, offered)}
              ${this.#drawIdentity(choice, offered, backend)} ${this.#drawBehaviour(choice)}
              ${this.#drawDangerous(choice)}`
        }
      </form>
      ${asked === undefined ? nothing : drawQuestion(asked, words, offered, this.#answer)}`;
  }

  #drawNotes(choice: TlsChoice, offered: OfferedTls, backend: AvailableBackend | undefined): TemplateResult {
    const words = this.words.tlsSettings;
    const standing =
      backend === undefined
        ? []
        : weaknessesOf(choice, backend.capabilities).filter(({ code }) => !ordinaryWeaknesses.has(code));
    const problems = this.refused.length > 0 ? this.refused : problemsOf(choice, offered);
    const isBroken = this.refused.length === 0 && problems.length > 0;
    return html`<div class="notes">
      <div role="alert">
        ${
          problems.length === 0
            ? nothing
            : html`<div class="note danger-note">
                ${icons.alert}
                <div>
                  ${isBroken ? html`<p>${words.cannotBe}</p>` : nothing}
                  ${problems.map((problem) => html`<p>${words.problems[problem]}</p>`)}
                </div>
              </div>`
        }
      </div>
      <div role="status">
        ${
          this.brought.length === 0
            ? nothing
            : html`<p class="quiet">
                ${words.alsoChanged}
                ${new Intl.ListFormat(this.words.locale).format(this.brought.map(({ part }) => words.parts[part]))}
              </p>`
        }
      </div>
      ${
        standing.length === 0
          ? nothing
          : html`<div class="note caution-note">
              ${icons.alert}
              <div>
                <p class="subtitle">${words.standing}</p>
                ${drawWeaknesses(standing, words, offered)}
              </div>
            </div>`
      }
    </div>`;
  }

  #drawPreset(choice: TlsChoice, backend: AvailableBackend | undefined): TemplateResult {
    const words = this.words.tlsSettings;
    const current = (backend && presetNameOf(choice, backend)) ?? "custom";
    return html`<fieldset part="section">
      <legend>${words.preset}</legend>
      ${(["modern", "compatible", "custom"] as const).map((preset) =>
        preset === "custom" && current !== "custom"
          ? nothing
          : html`<label class="option">
              <input
                type="radio"
                name="preset"
                .checked=${live(preset === current)}
                aria-describedby="preset-${preset}"
                @change=${(): void => {
                  if (preset !== "custom") this.#change({ type: "preset", preset });
                }}
              />
              <span>${words.presets[preset]}<span class="hint" id="preset-${preset}">${words.presetHints[preset]}</span></span>
            </label>`,
      )}
    </fieldset>`;
  }

  #drawBackend(choice: TlsChoice, { backends }: OfferedTls): TemplateResult {
    const words = this.words.tlsSettings;
    return html`<fieldset part="section">
      <legend>${words.backend}</legend>
      ${backends.map((each) => {
        const name = shownText(each.name, NAME_LIMIT);
        const library = each.available ? `${each.library.name} ${each.library.version}` : words.unavailable;
        return html`<label class="option">
          <input
            type="radio"
            name="backend"
            ?disabled=${!each.available}
            .checked=${live(each.name === choice.backend)}
            @change=${(): void => this.#change({ type: "backend", name: each.name })}
          />
          <span
            ><bdi class="mono">${name}</bdi
            ><span class="hint"
              ><bdi>${shownText(library, NAME_LIMIT)}</bdi>${
                each.available ? nothing : html` — <bdi>${shownText(each.reason, NAME_LIMIT)}</bdi>`
              }</span
            ></span
          >
        </label>`;
      })}
    </fieldset>`;
  }

  #drawVersions(choice: TlsChoice, { capabilities }: AvailableBackend): TemplateResult {
    const words = this.words.tlsSettings;
    return html`<fieldset part="section">
      <legend>${words.versions}</legend>
      <div class="pair">
        ${(["minVersion", "maxVersion"] as const).map(
          (end) =>
            html`<label class="field"
              >${words[end]}
              <select
                @change=${({ target }: Event): void => {
                  const version = capabilities.versions.find((each) => each === valueOf(target));
                  const type = end === "minVersion" ? "min-version" : "max-version";
                  if (version !== undefined) this.#change({ type, version });
                }}
              >
                ${capabilities.versions.map(
                  (version) =>
                    html`<option value=${version} .selected=${live(version === choice[end])}>
                      ${version.replace("TLSv", "TLS ")}
                    </option>`,
                )}
              </select>
            </label>`,
        )}
      </div>
    </fieldset>`;
  }

  #drawList(part: "groups" | "ciphers", choice: TlsChoice, { capabilities }: AvailableBackend): TemplateResult {
    const words = this.words.tlsSettings;
    const offered: readonly string[] = capabilities[part];
    const chosen: readonly string[] | null = choice[part];
    return html`<fieldset part="section">
      <legend>${words[part]}</legend>
      <label class="option">
        <input
          type="checkbox"
          .checked=${live(chosen === null)}
          @change=${(): void => this.#changeList(part, chosen === null ? offered : null)}
        />
        <span>${words.byLibrary}</span>
      </label>
      <div class="algorithms" ?hidden=${chosen === null}>
        ${offered.map(
          (name) =>
            html`<label class="option">
              <input
                type="checkbox"
                .checked=${live(chosen?.includes(name) === true)}
                @change=${(): void => this.#changeList(part, withToggled(chosen ?? [], name, allNames[part]))}
              />
              <span
                ><bdi dir="ltr" class="mono">${name}</bdi>${
                  isHybrid(name) ? html`<span class="hint">${words.resistsQuantum}</span>` : nothing
                }</span
              >
            </label>`,
        )}
      </div>
    </fieldset>`;
  }

  #changeList(part: "groups" | "ciphers", names: readonly string[] | null): void {
    if (part === "groups") {
      this.#change({ type: part, groups: names && groupNames.filter((each) => names.includes(each)) });
    } else this.#change({ type: part, ciphers: names && cipherNames.filter((each) => names.includes(each)) });
  }

  #drawTrust({ anchors, pins }: TlsChoice, { authorities }: OfferedTls): TemplateResult {
    const words = this.words.tlsSettings;
    const own = anchors.type === "own" ? anchors.fingerprints : [];
    return html`<fieldset part="section">
      <legend>${words.trust}</legend>
      ${(["default", "bundled", "system"] as const).map(
        (type) =>
          html`<label class="option">
            <input
              type="radio"
              name="anchors"
              .checked=${live(anchors.type === type)}
              @change=${(): void => this.#change({ type: "anchors", anchors: { type } })}
            />
            <span>${words.anchors[type]}</span>
          </label>`,
      )}
      <p class="subtitle">${words.anchors.own}</p>
      ${authorities.length === 0 ? html`<p class="quiet">${words.noAuthorities}</p>` : nothing}
      ${authorities.map(
        ({ fingerprint, subject }) =>
          html`<label class="option">
            <input
              type="checkbox"
              .checked=${live(own.includes(fingerprint))}
              @change=${(): void => {
                const fingerprints = own.includes(fingerprint)
                  ? own.filter((each) => each !== fingerprint)
                  : [...own, fingerprint];
                this.#change({ type: "anchors", anchors: { type: "own", fingerprints } });
              }}
            />
            <bdi>${shownText(subject, NAME_LIMIT)}</bdi>
          </label>`,
      )}
      <label class="field"
        >${words.pins}
        <textarea
          dir="ltr"
          rows="2"
          class="mono"
          spellcheck="false"
          autocapitalize="none"
          aria-describedby="pins-hint"
          .value=${live(pins.join("\n"))}
          @change=${({ target }: Event): void => {
            const lines = valueOf(target).split(/\s+/u);
            this.#change({ type: "pins", pins: lines.filter((line) => line !== "") });
          }}
        ></textarea>
      </label>
      <p id="pins-hint" class="hint">${words.pinsHint}</p>
    </fieldset>`;
  }

  #drawIdentity({ identity }: TlsChoice, { identities }: OfferedTls, backend: AvailableBackend): TemplateResult {
    const words = this.words.tlsSettings;
    const own = identities.map(({ fingerprint, subject }) => ({
      identity: { type: "one", fingerprint } as const,
      name: shownText(subject, NAME_LIMIT),
      isChosen: identity.type === "one" && identity.fingerprint === fingerprint,
    }));
    const plain = (["ask", "none"] as const)
      .filter((type) => type === "none" || backend.canAskForIdentity || identity.type === "ask")
      .map((type) => ({ identity: { type }, name: words.identities[type], isChosen: identity.type === type }));
    return html`<fieldset part="section">
      <legend>${words.identity}</legend>
      ${[...plain, ...own].map(
        (each) =>
          html`<label class="option">
            <input
              type="radio"
              name="identity"
              .checked=${live(each.isChosen)}
              @change=${(): void => this.#change({ type: "identity", identity: each.identity })}
            />
            <bdi>${each.name}</bdi>
          </label>`,
      )}
    </fieldset>`;
  }

  #drawBehaviour(choice: TlsChoice): TemplateResult {
    const words = this.words.tlsSettings;
    return html`<fieldset part="section">
      <legend>${words.behaviour}</legend>
      ${this.#drawSwitch(words.rememberIntermediates, choice.rememberIntermediates, "remember-intermediates")}
      ${this.#drawSwitch(words.fetchIntermediates, choice.fetchIntermediates, "fetch-intermediates")}
      ${this.#drawSwitch(words.earlyData, choice.earlyData, "early-data")}
    </fieldset>`;
  }

  #drawDangerous({ dangerous }: TlsChoice): TemplateResult {
    const words = this.words.tlsSettings;
    return html`<fieldset part="section" class="dangerous">
      <legend>${words.dangerous}</legend>
      ${this.#drawSwitch(words.acceptAnyCertificate, dangerous.acceptAnyCertificate, "accept-any-certificate")}
      ${this.#drawSwitch(words.acceptPinnedKeyAlone, dangerous.acceptPinnedKeyAlone, "accept-pinned-key-alone")}
      ${this.#drawSwitch(words.logKeys, dangerous.logKeys, "log-keys")}
    </fieldset>`;
  }

  #drawSwitch(
    text: string,
    isOn: boolean,
    type: Extract<TlsChange, { readonly isOn: boolean }>["type"],
  ): TemplateResult {
    return html`<label class="option">
      <input
        type="checkbox"
        .checked=${live(isOn)}
        @change=${(): void => this.#change({ type, isOn: !isOn })}
      />
      <span>${text}</span>
    </label>`;
  }

  #change(change: TlsChange): void {
    const { choice, offered } = this;
    if (choice === undefined || offered === undefined) return;
    const decision = decideChange(choice, change, offered);
    this.refused = [];
    this.brought = [];
    switch (decision.type) {
      case "made":
        this.#make(decision);
        break;
      case "ask":
        this.asked = decision;
        break;
      case "refused":
        this.refused = decision.problems;
        break;
    }
    // The browser has changed the control already: it shows what is chosen again.
    this.requestUpdate();
  }

  readonly #answer = (isYes: boolean): void => {
    const { asked } = this;
    this.asked = undefined;
    if (isYes && asked !== undefined) this.#make(asked);
  };

  #make({ choice, consequences }: Pick<Extract<TlsDecision, { type: "made" }>, "choice" | "consequences">): void {
    this.choice = choice;
    this.brought = consequences;
    this.dispatchEvent(new FairleadTlsSettingsEvent(choice));
  }
}

const allNames: Readonly<Record<"groups" | "ciphers", readonly string[]>> = {
  groups: groupNames,
  ciphers: cipherNames,
};

function valueOf(target: EventTarget | null): string {
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement ? target.value : "";
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-tls-settings": FairleadTlsSettings;
  }
}
