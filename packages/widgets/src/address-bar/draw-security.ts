import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../icons.ts";
import type { Messages } from "../messages/messages.ts";
import { formatMoment, readMoment } from "../text/moments.ts";
import { shownText } from "../text/shown-text.ts";
import { type ChipState, chipTone } from "./rules/chip-state.ts";
import type { SiteSecurity } from "./site-security.ts";

/** What the chip and its panel are drawn from. */
export interface DrawnSecurity {
  readonly state: ChipState;
  /** About the very page that is open. */
  readonly security: SiteSecurity | undefined;
  /** The origin, drawn. */
  readonly site: TemplateResult | undefined;
  readonly words: Messages;
}

/** Draws the button that says what the page is: a picture whose outline tells the states apart, and words. */
export function drawChip(
  state: ChipState,
  words: Messages,
  isOpen: boolean,
  toggle: () => Promise<void>,
): TemplateResult {
  return html`<button
    type="button"
    class="chip plain tone-${chipTone(state)}"
    part="security"
    data-state=${state}
    aria-expanded=${isOpen ? "true" : "false"}
    aria-controls="panel"
    @click=${toggle}
  >
    ${iconOf(state)}<span class="words">${words.addressBar.chip[state]}</span>
  </button>`;
}

/** Draws what is known of the page and its connection. */
export function drawPanel(
  { state, security, site, words }: DrawnSecurity,
  showCertificate: () => void,
): TemplateResult {
  const { says, chip, panel } = words.addressBar;
  return html`<div class="summary tone-${chipTone(state)}">
      ${iconOf(state)}
      <div>
        <p class="name">${chip[state]}</p>
        <p>${says[state]}</p>
      </div>
    </div>
    ${drawProblems(security, panel.problems)}
    <dl>
      ${site === undefined ? nothing : drawFact(panel.site, site)} ${security === undefined ? nothing : drawFacts(security, words)}
    </dl>
    ${
      security === undefined
        ? nothing
        : html`<button type="button" part="show-certificate" @click=${showCertificate}>
          ${icons.certificate}${panel.showCertificate}
        </button>`
    }`;
}

function drawProblems(security: SiteSecurity | undefined, title: string): unknown {
  const problems = security?.problems ?? [];
  if (problems.length === 0) return nothing;
  return html`<div class="problems">
    <p class="name" id="problems">${title}</p>
    <ul aria-labelledby="problems">
      ${problems.slice(0, PROBLEM_LIMIT).map((each) => html`<li><bdi>${shownText(each, 512)}</bdi></li>`)}
    </ul>
  </div>`;
}

/** The certificate viewer has them all. */
const PROBLEM_LIMIT = 5;

function drawFacts(security: SiteSecurity, { addressBar: { panel }, locale }: Messages): readonly unknown[] {
  const validUntil = security.notAfter === undefined ? undefined : readMoment(security.notAfter);
  const texts: readonly (readonly [string, string | undefined])[] = [
    [panel.protocol, security.protocol],
    [panel.cipher, security.cipher],
    [panel.group, security.group],
    [panel.subject, security.subject],
    [panel.issuer, security.issuer],
  ];
  return [
    ...texts.map(([name, text]) =>
      text === undefined ? nothing : drawFact(name, html`<bdi dir="ltr">${shownText(text, 256)}</bdi>`),
    ),
    validUntil === undefined ? nothing : drawFact(panel.validUntil, formatMoment(validUntil, locale)),
    security.hsts === undefined ? nothing : drawFact(panel.hsts, security.hsts ? panel.hstsOn : panel.hstsOff),
  ];
}

function drawFact(name: string, value: unknown): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function iconOf(state: ChipState): TemplateResult {
  switch (state) {
    case "empty":
    case "unproven":
    case "internal":
      return icons.info;
    case "opening":
      return icons.clock;
    case "encrypted":
      return icons.shield;
    case "exception":
      return icons.shieldOff;
    case "refused":
      return icons.refused;
    case "not-secure":
    case "unknown-scheme":
    case "no-url":
      return icons.alert;
    case "local":
      return icons.machine;
    case "file":
      return icons.file;
    case "embedded":
    case "script":
      return icons.code;
  }
}
