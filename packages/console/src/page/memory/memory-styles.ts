import { css, type CSSResult } from "lit";

/** Kinds as tabs, and things as a list. */
export const memoryStyles: CSSResult = css`
  :host {
    padding: 16px;
    overflow: auto;
  }

  .column {
    display: grid;
    gap: 12px;
    align-content: start;
    max-inline-size: 72rem;
  }

  nav {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }

  nav a {
    padding: 6px 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    color: var(--_text);
    text-decoration: none;
  }

  nav a[aria-current] {
    border-color: var(--_accent);
    background: var(--_accent-surface);
    color: var(--_accent);
    font-weight: 600;
  }

  .count {
    margin-inline-start: 4px;
    color: var(--_quiet);
    font-variant-numeric: tabular-nums;
    font-weight: 400;
    unicode-bidi: isolate;
  }

  @media (forced-colors: active) {
    nav a[aria-current] {
      border-color: Highlight;
      outline: 1px solid Highlight;
    }
  }

  .toolbar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
  }

  .toolbar > [role="status"] {
    flex: 1 1 auto;
    white-space: nowrap;
  }

  .search {
    position: relative;
    flex: 1 1 14rem;
    max-inline-size: 24rem;
  }

  .search .icon {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 8px;
    margin-block: auto;
    color: var(--_quiet);
    pointer-events: none;
  }

  .search input:not([type="checkbox"]) {
    inline-size: 100%;
    padding-inline-start: 36px;
  }

  @media (width < 40em) {
    .search {
      flex-basis: 100%;
      max-inline-size: none;
    }
  }

  .things {
    margin: 0;
    padding: 0;
    list-style: none;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }

  .things li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 4px 12px;
    align-items: center;
    padding: 8px 8px 8px 16px;
    content-visibility: auto;
    contain-intrinsic-block-size: auto 72px;
  }

  .things li:not(:first-child) {
    border-block-start: 1px solid var(--_line);
  }

  .about {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    align-items: baseline;
  }

  .subject {
    font-weight: 600;
  }

  dl {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    gap: 0 20px;
    margin: 0;
    font-size: 0.8125rem;
  }

  dl div {
    display: flex;
    gap: 6px;
    min-inline-size: 0;
  }

  dt {
    flex: none;
  }

  dd {
    min-inline-size: 0;
    margin: 0;
  }

  .empty {
    display: grid;
    gap: 4px;
    padding: 32px 16px;
    border: 1px dashed var(--_line);
    border-radius: var(--_radius);
    text-align: center;
  }

  dialog {
    inline-size: min(30rem, 100vw - 32px);
    padding: 20px;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_surface);
    color: var(--_text);
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 0.45);
  }

  dialog p {
    margin-block: 12px 20px;
  }

  .answers {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
  }
`;
