import { css } from "lit";

/** How what opens below the line looks: what is said, and the list of visited addresses. */
export const listStyles = css`
  .popup[hidden] {
    display: none;
  }

  .below {
    position: absolute;
    inset-inline: 0;
    inset-block-start: calc(100% + 4px);
    z-index: var(--fairlead-address-bar-layer, 10);
  }

  .popup {
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) + 2px);
    background: var(--_surface);
    box-shadow: 0 6px 20px rgb(0 0 0 / 18%);
    overflow: hidden;
  }

  .said {
    inline-size: fit-content;
    max-inline-size: 100%;
    padding: 6px 12px;
    font-size: 0.875rem;
  }

  .said.refused {
    color: var(--_danger);
  }

  p.said {
    margin-block-end: 4px;
  }

  [role="listbox"] {
    margin: 0;
    padding: 4px;
    list-style: none;
  }

  [role="option"] {
    display: grid;
    grid-template-columns: 20px minmax(0, auto) minmax(0, 1fr) 28px;
    align-items: baseline;
    column-gap: 10px;
    min-block-size: 36px;
    padding: 4px 6px 4px 10px;
    border-radius: var(--_radius);
    cursor: pointer;
  }

  [role="option"]:hover {
    background: var(--_raised);
  }

  [role="option"][aria-selected="true"] {
    background: var(--_accent-surface);
    outline: 1px solid var(--_accent);
    outline-offset: -1px;
  }

  [role="option"] > .icon {
    color: var(--_quiet);
    inline-size: 18px;
    block-size: 18px;
    align-self: center;
  }

  .where,
  .title {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .title {
    font-size: 0.875rem;
  }

  .forget {
    display: grid;
    grid-column: -2;
    grid-row: 1;
    place-items: center;
    align-self: center;
    inline-size: 28px;
    block-size: 28px;
    border-radius: var(--_radius);
    color: var(--_quiet);
    visibility: hidden;
  }

  .forget .icon {
    inline-size: 14px;
    block-size: 14px;
  }

  .forget:hover {
    background: var(--_line);
  }

  [role="option"]:is(:hover, [aria-selected="true"]) .forget {
    visibility: visible;
  }

  .hint {
    padding: 6px 14px 8px;
    border-block-start: 1px solid var(--_line);
    font-size: 0.8125rem;
  }

  .below.narrow [role="option"] {
    grid-template-columns: 20px minmax(0, 1fr) 28px;
    padding-block: 6px;
  }

  .below.narrow .title {
    grid-column: 2;
    grid-row: 2;
  }

  @media (forced-colors: active) {
    .popup {
      border-color: CanvasText;
    }

    [role="option"][aria-selected="true"] {
      outline: 2px solid Highlight;
    }
  }
`;
