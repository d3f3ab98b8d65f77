import { css, type CSSResultGroup } from "lit";
import { securityMarkStyles } from "../text/security-mark.ts";
import { statusMarkStyles } from "../text/status-mark.ts";
import { urlTextStyles } from "../text/url-text.ts";

/** Title, tabs, and what the tab shows, which scrolls by itself. */
export const transactionStyles: CSSResultGroup = [
  urlTextStyles,
  statusMarkStyles,
  securityMarkStyles,
  css`
    :host {
      display: grid;
      min-block-size: 0;
      min-inline-size: 0;
      background: var(--_surface);
    }

    section {
      display: grid;
      grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr);
      min-block-size: 0;
    }

    header {
      display: grid;
      grid-template: "back title copy close" auto "back facts facts facts" auto / auto minmax(0, 1fr) auto auto;
      gap: 0 4px;
      align-items: start;
      padding: 8px 8px 4px;
      padding-inline-start: 12px;
    }

    .back {
      grid-area: back;
    }

    .copy {
      grid-area: copy;
    }

    .close {
      grid-area: close;
    }

    h2 {
      grid-area: title;
      display: -webkit-box;
      overflow: hidden;
      padding-block: 4px;
      font-size: 0.9375rem;
      font-weight: 400;
      line-height: 1.4;
      text-wrap: initial;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 3;
    }

    .method {
      margin-inline-end: 4px;
      color: var(--_quiet);
    }

    .facts {
      grid-area: facts;
      display: flex;
      flex-wrap: wrap;
      gap: 4px 12px;
      align-items: center;
      min-block-size: 28px;
      font-size: 0.8125rem;
      font-variant-numeric: tabular-nums;
    }

    .small {
      min-block-size: 28px;
      padding: 0 10px;
    }

    .panel {
      display: grid;
      min-block-size: 0;
      overflow: auto;
    }

    .panel:focus-visible {
      outline-offset: -2px;
    }

    .timeline {
      padding: 16px;
    }

    .said {
      display: grid;
      gap: 8px;
      align-content: start;
      padding: 16px;
    }

    .back {
      display: none;
      margin-inline-start: -8px;
    }

    .back .icon:dir(rtl) {
      transform: scaleX(-1);
    }

    header > button {
      min-block-size: 32px;
      min-inline-size: 32px;
      padding: 0;
    }

    @container (width < 62rem) {
      .back {
        display: inline-flex;
      }

      .close {
        display: none;
      }
    }
  `,
];
