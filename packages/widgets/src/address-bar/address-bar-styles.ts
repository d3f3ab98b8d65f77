import { css } from "lit";

/** How the address bar looks. */
export const addressBarStyles = css`
  .frame {
    position: relative;
  }

  .bar {
    container-type: inline-size;
    position: relative;
    border: 1px solid var(--_edge);
    border-radius: calc(var(--_radius) + 2px);
    background: var(--_surface);
  }

  .row {
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 42px;
    padding: 3px;
  }

  .bar:has(input:focus) {
    border-color: var(--_accent);
    outline: 1px solid var(--_accent);
  }

  .icon {
    flex: none;
  }

  .row button {
    flex: none;
    min-block-size: 36px;
    padding: 4px 8px;
  }

  .row button:focus-visible {
    outline-offset: -1px;
  }

  .chip {
    gap: 6px;
    font-size: 0.875rem;
    line-height: 1.15;
    text-align: start;
  }

  .tone-quiet {
    color: var(--_quiet);
  }

  .chip.tone-neutral {
    background: var(--_raised);
  }

  .tone-caution {
    color: var(--_caution);
  }

  .chip.tone-caution {
    background: var(--_caution-surface);
  }

  .tone-danger {
    color: var(--_danger);
  }

  .chip.tone-danger {
    background: var(--_danger-surface);
  }

  .field {
    position: relative;
    display: grid;
    flex: 1;
    align-items: center;
    min-inline-size: 0;
  }

  .field > * {
    grid-area: 1 / 1;
    min-inline-size: 0;
  }

  .field input {
    inline-size: 100%;
    padding: 4px 5px;
    border: 1px solid transparent;
    background: transparent;
    outline: none;
    text-align: left;
  }

  :host(:dir(rtl)) .field input {
    text-align: right;
  }

  .field input.resting {
    opacity: 0;
  }

  .shown {
    padding-inline: 6px;
    overflow: hidden;
    white-space: nowrap;
    pointer-events: none;
  }

  bdi {
    unicode-bidi: isolate;
  }

  .url .strong {
    font-weight: 600;
  }

  .url .plain,
  .url .quiet {
    color: var(--_quiet);
  }

  .url .flagged {
    color: var(--_danger);
  }

  .url.not-open * {
    color: var(--_quiet);
    font-weight: inherit;
  }

  .placeholder {
    color: var(--_quiet);
  }

  mark {
    border-radius: 2px;
    background: var(--_accent-surface);
    color: inherit;
    text-decoration: underline;
    text-decoration-color: var(--_accent);
    text-underline-offset: 3px;
  }

  .progress {
    position: absolute;
    inset-inline: 8px;
    inset-block-end: 0;
    block-size: 2px;
    overflow: hidden;
    border-radius: 1px;
  }

  .progress span {
    display: block;
    block-size: 100%;
    inline-size: calc(var(--share) * 100%);
    background: var(--_accent);
    transition: inline-size 200ms ease-out;
  }

  .progress .endless {
    inline-size: 40%;
    animation: pass 1.4s ease-in-out infinite;
  }

  @keyframes pass {
    from {
      margin-inline-start: -40%;
    }
    to {
      margin-inline-start: 100%;
    }
  }

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

  .notice {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr) auto;
    align-items: center;
    gap: 8px 12px;
    margin-block-start: 8px;
    padding: 12px 16px;
    border: 1px solid var(--_caution);
    border-radius: calc(var(--_radius) + 2px);
    background: var(--_caution-surface);
  }

  .notice.likely {
    border-color: var(--_danger);
    background: var(--_danger-surface);
  }

  .notice > .icon {
    align-self: start;
    color: var(--_caution);
  }

  .notice.likely > .icon {
    color: var(--_danger);
  }

  .notice .reason {
    margin-block-start: 2px;
    font-size: 0.875rem;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .narrow .actions {
    grid-column: 2 / -1;
  }

  @container (max-width: 479px) {
    .row {
      gap: 0;
    }

    .row button {
      gap: 4px;
      padding: 4px 6px;
    }

    .chip .words {
      inline-size: min-content;
      font-size: 0.75rem;
      overflow-wrap: normal;
    }

    .chip.tone-quiet .words {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }

  .below.narrow [role="option"] {
    grid-template-columns: 20px minmax(0, 1fr) 28px;
    padding-block: 6px;
  }

  .below.narrow .title {
    grid-column: 2;
    grid-row: 2;
  }

  .below.narrow dl > div {
    grid-template-columns: 1fr;
    gap: 0;
  }

  @media (forced-colors: active) {
    .row button.chip,
    .notice,
    .popup {
      border-color: CanvasText;
    }

    .bar:has(input:focus) {
      outline: 2px solid Highlight;
    }

    [role="option"][aria-selected="true"] {
      outline: 2px solid Highlight;
    }

    .progress span {
      forced-color-adjust: none;
      background: Highlight;
    }

    .url .flagged {
      text-decoration: underline;
    }
  }
`;
