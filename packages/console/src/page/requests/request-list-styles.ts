import { css, type CSSResultGroup } from "lit";
import { securityMarkStyles } from "../text/security-mark.ts";
import { statusMarkStyles } from "../text/status-mark.ts";
import { urlTextStyles } from "../text/url-text.ts";
import { virtualListStyles } from "../virtual-list/virtual-list.ts";

/** Columns where there is room, two lines where there is not. */
export const requestListStyles: CSSResultGroup = [
  urlTextStyles,
  statusMarkStyles,
  securityMarkStyles,
  virtualListStyles,
  css`
    :host {
      display: grid;
      min-block-size: 0;
      font-size: 0.8125rem;
    }

    .scroller:focus-visible {
      outline-offset: -2px;
    }

    .row {
      display: grid;
      grid-template-columns: 10.5rem 4rem minmax(0, 1fr) 5rem 5rem 5rem 7.5rem;
      gap: 0 12px;
      align-items: center;
      block-size: var(--_row-height);
      padding-inline: 16px;
      border-block-end: 1px solid var(--_line);
      cursor: default;
    }

    .row > * {
      min-inline-size: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    .head {
      position: sticky;
      inset-block-start: 0;
      z-index: 1;
      background: var(--_raised);
      color: var(--_quiet);
      font-size: 0.75rem;
      font-weight: 600;
    }

    .head .row {
      block-size: 2rem;
    }

    .size,
    .time {
      font-variant-numeric: tabular-nums;
      text-align: end;
    }

    .row[data-id] {
      contain: strict;
    }

    .row[data-id]:hover {
      background: var(--_raised);
    }

    .row[aria-selected="true"] {
      background: var(--_accent-surface);
    }

    .scroller:focus-visible .row[data-active] {
      outline: 2px solid var(--_accent);
      outline-offset: -2px;
    }

    .row .url-cell {
      display: flex;
      align-items: center;
    }

    .row > .security {
      padding-inline-start: 8px;
    }

    .url-cell .url {
      overflow: hidden;
      text-overflow: ellipsis;
    }

    :host([dir="rtl"]) .url-cell {
      justify-content: end;
    }

    .tag {
      flex: none;
      max-inline-size: 60%;
      overflow: hidden;
      text-overflow: ellipsis;
      margin-inline-start: 8px;
      padding: 1px 6px;
      border: 1px solid var(--_line);
      border-radius: 4px;
      color: var(--_quiet);
      font-size: 0.6875rem;
      unicode-bidi: isolate;
    }

    .tag.bad {
      border-color: currentColor;
      color: var(--_danger);
    }

    [data-folded] .head {
      block-size: 0;
      overflow: hidden;
    }

    [data-folded] .row[data-id] {
      grid-template: "url url url url url" 1.5rem "status method size time security" 1.25rem / auto auto auto auto minmax(0, 1fr);
      align-content: center;
      padding-inline: 12px;
    }

    [data-folded] .url-cell {
      grid-area: url;
    }

    [data-folded] .type,
    [data-folded] .phrase {
      display: none;
    }

    [data-folded] .status .phrase:only-child {
      display: inline;
    }

    /* There may be no size: what has none leaves no gap before the time. */
    [data-folded] .size {
      order: 1;
    }

    [data-folded] .security {
      order: 2;
      justify-self: end;
    }

    [data-folded] .row > :not(.url-cell) {
      font-size: 0.75rem;
    }

    @media (forced-colors: active) {
      .row[aria-selected="true"] {
        outline: 2px solid Highlight;
        outline-offset: -2px;
      }
    }
  `,
];
