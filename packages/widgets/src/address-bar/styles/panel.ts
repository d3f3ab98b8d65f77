import { css } from "lit";

/** How what is known of the page looks. */
export const panelStyles = css`
  .panel {
    display: grid;
    gap: 16px;
    max-inline-size: 30rem;
    max-block-size: max(16rem, 100dvh - 12rem);
    padding: 16px;
    overflow: auto;
  }

  .panel > button {
    justify-self: start;
  }

  .summary {
    display: grid;
    grid-template-columns: 20px 1fr;
    gap: 12px;
  }

  .summary p:last-child {
    margin-block-start: 4px;
    color: var(--_text);
  }

  .name {
    font-weight: 600;
  }

  .panel:focus {
    outline: none;
  }

  .problems ul {
    margin: 4px 0 0;
    padding-inline-start: 20px;
  }

  dl {
    display: grid;
    gap: 6px;
    margin: 0;
    font-size: 0.875rem;
  }

  dl:empty {
    display: none;
  }

  dl > div {
    display: grid;
    grid-template-columns: minmax(7rem, 30%) 1fr;
    gap: 12px;
  }

  dt {
    color: var(--_quiet);
  }

  dd {
    margin: 0;
  }

  .below.narrow dl > div {
    grid-template-columns: 1fr;
    gap: 0;
  }
`;
