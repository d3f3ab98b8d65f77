import { css, type CSSResult, html, nothing, type TemplateResult } from "lit";

/** The look of a list of facts: names in a column of their own where there is room. */
export const factListStyles: CSSResult = css`
  .fact-list {
    display: grid;
    grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr);
    gap: 8px 16px;
    margin: 0;
    font-size: 0.8125rem;
  }

  .fact-list dt {
    color: var(--_quiet);
  }

  .fact-list dd {
    margin: 0;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
`;

/** Names and what they are; what is `undefined` is left out. */
export function factList(facts: readonly (readonly [name: string, value: unknown])[]): TemplateResult {
  return html`<dl class="fact-list">
    ${facts.map(([name, value]) => (value === undefined ? nothing : html`<dt>${name}</dt><dd>${value}</dd>`))}
  </dl>`;
}
