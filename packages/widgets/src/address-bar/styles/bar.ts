import { css } from "lit";

/** How the line itself looks: its buttons, the field, and how far a page has come. */
export const barStyles = css`
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

  @media (forced-colors: active) {
    .row button.chip {
      border-color: CanvasText;
    }

    .bar:has(input:focus) {
      outline: 2px solid Highlight;
    }

    .progress span {
      forced-color-adjust: none;
      background: Highlight;
    }
  }
`;
