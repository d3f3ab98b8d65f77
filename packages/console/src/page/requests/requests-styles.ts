import { css, type CSSResult } from "lit";

/** The list, and details beside it or, where there is no room, instead of it. */
export const requestsStyles: CSSResult = css`
  :host {
    display: grid;
    min-block-size: 0;
    block-size: 100%;
    container-type: inline-size;
  }

  .split {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
  }

  .list {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-block-size: 0;
    container: list / inline-size;
  }

  .split[data-details] .list {
    display: none;
  }

  @container (width >= 62rem) {
    .split[data-details] {
      grid-template-columns: minmax(0, 5fr) minmax(0, 8fr);
    }

    .split[data-details] .list {
      display: grid;
      border-inline-end: 1px solid var(--_line);
    }
  }

  .toolbar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    padding: 8px 16px;
    border-block-end: 1px solid var(--_line);
    font-size: 0.8125rem;
  }

  .toolbar button,
  .toolbar select,
  .toolbar input:not([type="checkbox"]) {
    min-block-size: 32px;
  }

  .search {
    position: relative;
    flex: 1 1 12rem;
    max-inline-size: 24rem;
  }

  .search .icon {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 8px;
    margin-block: auto;
    inline-size: 18px;
    color: var(--_quiet);
    pointer-events: none;
  }

  .search input:not([type="checkbox"]) {
    inline-size: 100%;
    padding-inline-start: 32px;
  }

  .count {
    flex: 1 0 auto;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  .actions {
    display: flex;
    gap: 4px;
  }

  .actions button {
    padding-inline: 8px;
  }

  .actions button[aria-pressed="true"] {
    background: var(--_accent-surface);
    color: var(--_accent);
  }

  @media (forced-colors: active) {
    .actions button[aria-pressed="true"] {
      border: 2px solid Highlight;
    }
  }

  .empty {
    display: grid;
    gap: 8px;
    place-content: center;
    justify-items: center;
    padding: 32px 16px;
    text-align: center;
  }

  .empty button {
    margin-block-start: 8px;
  }

  @container list (width < 60rem) {
    .actions .word {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
  }

  @container list (width < 34rem) {
    .toolbar {
      padding: 8px;
    }

    .search {
      flex-basis: 100%;
      max-inline-size: none;
    }

    .toolbar select {
      flex: 1 1 6rem;
      min-inline-size: 0;
    }

    .count {
      order: 1;
      flex: 1 1 100%;
      padding-inline: 4px;
      font-size: 0.75rem;
    }
  }
`;
