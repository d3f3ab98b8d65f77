import { css } from "lit";

/** The look of a list of transfers. */
export const transferListStyles = css`
  h2 {
    font-size: 0.9375rem;
  }

  section:not(:first-child) {
    margin-block-start: 20px;
  }

  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    min-block-size: 36px;
  }

  header button {
    min-block-size: 28px;
    padding: 2px 8px;
    color: var(--_accent);
    font-size: 0.875rem;
  }

  .count {
    margin-inline-start: 4px;
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }

  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }

  li {
    padding-block: 12px;
    padding-inline: 16px 12px;
    content-visibility: auto;
    contain-intrinsic-block-size: auto 92px;
  }

  li:not(:first-child) {
    border-block-start: 1px solid var(--_line);
  }

  .totals {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin-block-end: 12px;
    padding: 12px 16px;
    border: 1px solid transparent;
    border-radius: var(--_radius);
    background: var(--_accent-surface);
    font-variant-numeric: tabular-nums;
  }

  .empty {
    padding: 32px 16px;
    border: 1px dashed var(--_line);
    border-radius: var(--_radius);
    text-align: center;
  }
`;
