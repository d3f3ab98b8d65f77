import { shownText } from "@fairlead/widgets";
import { css, type CSSResult, html, type TemplateResult } from "lit";
import type { ShownField } from "../../protocol/index.ts";

/** The look of fields. Whoever has them uses `ConsoleCutText`. */
export const fieldTableStyles: CSSResult = css`
  .field-table {
    inline-size: 100%;
    border-collapse: collapse;
    direction: ltr;
    font: 0.8125rem / 1.5 var(--_mono);
    text-align: left;
  }

  .field-table th {
    inline-size: 30%;
    min-inline-size: 9.5rem;
    padding: 4px 16px 4px 0;
    color: var(--_quiet);
    font-weight: 400;
    overflow-wrap: anywhere;
    text-align: left;
    vertical-align: top;
  }

  .field-table td {
    padding: 4px 0;
    overflow-wrap: anywhere;
    vertical-align: top;
  }

  .field-table tr + tr > * {
    border-block-start: 1px solid var(--_line);
  }
`;

/** Fields of a message, in the order in which they came. */
export function fieldTable(fields: readonly ShownField[], label: string): TemplateResult {
  return html`<table class="field-table" aria-label=${label}>
    <tbody>
      ${fields.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${shownText(name, 256)}</th>
            <td><console-cut-text .text=${value}></console-cut-text></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
