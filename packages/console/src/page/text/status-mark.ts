import { reasonPhrase } from "@fairlead/http/h1";
import { css, type CSSResult, html, type TemplateResult } from "lit";
import type { ListedTransaction } from "../../protocol/index.ts";

/** The look of a status. */
export const statusMarkStyles: CSSResult = css`
  .status-mark {
    display: inline-flex;
    gap: 6px;
    align-items: baseline;
    min-inline-size: 0;
    max-inline-size: 100%;
    font-variant-numeric: tabular-nums;
  }

  .status-mark .phrase {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .status-mark .code {
    font-weight: 600;
  }

  .status-mark[data-class="good"] .code {
    color: var(--_good);
  }

  .status-mark[data-class="other"] .code {
    color: var(--_accent);
  }

  .status-mark[data-class="caution"] {
    color: var(--_caution);
  }

  .status-mark[data-class="bad"] {
    color: var(--_danger);
  }
`;

/** What became of a request: its status with its phrase, or in words why there is none. */
export function statusMark(
  { state, status }: Pick<ListedTransaction, "state" | "status">,
  { underWay, failed }: { readonly underWay: string; readonly failed: string },
): TemplateResult {
  if (state === "failed")
    return html`<span class="status-mark" data-class="bad"><span class="code">${failed}</span></span>`;
  if (status === undefined) return html`<span class="status-mark quiet"><span class="phrase">${underWay}</span></span>`;
  return html`<bdi class="status-mark" dir="ltr" data-class=${statusClass(status)}
    ><span class="code">${status}</span> <span class="phrase">${reasonPhrase(status)}</span></bdi
  >`;
}

function statusClass(status: number): "good" | "other" | "caution" | "bad" {
  if (status >= 500) return "bad";
  if (status >= 400) return "caution";
  return status >= 200 && status < 300 ? "good" : "other";
}
