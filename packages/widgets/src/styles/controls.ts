import { css } from "lit";

/** What can be operated, and text roles, alike in all widgets. */
export const controls = css`
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }

  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--_space);
    min-height: 36px;
    min-width: 36px;
    padding: 4px 14px;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius);
    background: var(--_surface);
    text-decoration: none;
    cursor: pointer;
  }

  button:hover:not(:disabled) {
    background: var(--_raised);
  }

  button.primary {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
  }

  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--_accent) 88%, var(--_text));
  }

  button.danger {
    border-color: var(--_danger);
    color: var(--_danger);
  }

  button.plain {
    border-color: transparent;
    background: transparent;
  }

  button:disabled {
    opacity: 0.55;
    cursor: not-allowed;
  }

  input:not([type="checkbox"], [type="radio"]),
  select,
  textarea {
    min-height: 36px;
    max-width: 100%;
    padding: 4px 10px;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius);
    background: var(--_surface);
  }

  input[type="checkbox"],
  input[type="radio"] {
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    accent-color: var(--_accent);
  }

  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  h2,
  h3,
  h4 {
    margin: 0;
    font-size: 1.0625rem;
    line-height: 1.3;
    text-wrap: balance;
  }

  h3,
  h4 {
    font-size: 0.9375rem;
  }

  p {
    margin: 0;
  }

  .quiet {
    color: var(--_quiet);
  }

  .mono {
    font-family: var(--_mono);
    font-size: 0.9em;
  }

  .good {
    color: var(--_good);
  }

  .caution {
    color: var(--_caution);
  }

  .bad {
    color: var(--_danger);
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (forced-colors: active) {
    button.primary {
      forced-color-adjust: none;
    }

    /* Forced colours make a clear border a seen one: text without one is no button then, but an icon needs none. */
    button.plain:has(> svg) {
      border-color: Canvas;
    }

    button:hover:not(:disabled) {
      border-color: Highlight;
    }

    button:disabled {
      border-color: GrayText;
      background: Canvas;
      color: GrayText;
      opacity: 1;
    }
  }
`;
