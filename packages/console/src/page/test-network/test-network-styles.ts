import { css, type CSSResult } from "lit";

/** Services, and faults beside them or, where there is no room, above. */
export const testNetworkStyles: CSSResult = css`
  :host {
    padding: 16px;
    overflow: auto;
    container-type: inline-size;
  }

  h2 {
    display: inline-block;
    font-size: 0.9375rem;
  }

  .columns {
    display: grid;
    gap: 24px;
    align-items: start;
  }

  .services {
    order: 2;
    min-inline-size: 0;
  }

  @container (width >= 56rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr) 22rem;
    }

    .services {
      order: 0;
    }

    .faults {
      position: sticky;
      inset-block-start: 0;
    }
  }

  .toolbar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    margin-block-end: 12px;
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

  .services details {
    border-block-end: 1px solid var(--_line);
  }

  summary {
    padding: 8px 4px;
    cursor: pointer;
  }

  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 12px;
    align-items: center;
    padding: 4px 4px 8px 20px;
    content-visibility: auto;
    contain-intrinsic-block-size: auto 52px;
  }

  li p,
  .none {
    font-size: 0.8125rem;
  }

  .none {
    max-inline-size: 8rem;
    text-align: end;
  }

  .faults {
    display: grid;
    gap: 12px;
    padding: 16px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }

  .on {
    margin-inline-start: 8px;
    padding: 1px 8px;
    border: 1px solid transparent;
    border-radius: 12px;
    background: var(--_caution-surface);
    color: var(--_caution);
    font-size: 0.8125rem;
  }

  .acting li {
    grid-template-columns: 20px minmax(0, 1fr) auto;
    margin-block-end: 8px;
    padding: 8px;
    border: 1px solid transparent;
    border-radius: var(--_radius);
    background: var(--_caution-surface);
  }

  .acting .icon {
    color: var(--_caution);
  }

  .well {
    color: var(--_good);
  }

  form {
    display: grid;
    gap: 12px;
    padding-block-start: 12px;
  }

  label:not(.search) {
    display: grid;
    gap: 4px;
  }

  .empty {
    display: grid;
    gap: 12px;
    place-items: center;
    padding: 48px 16px;
  }
`;
