import { css } from "lit";

/** The look of the dialog around a question. */
export const questionsStyles = css`
  :host {
    display: contents;
  }

  dialog {
    inline-size: min(100vw - 32px, 31rem);
    max-block-size: calc(100dvh - 32px);
    padding: 24px;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_surface);
    color: var(--_text);
    box-shadow: 0 16px 48px rgb(0 0 0 / 30%);
    overflow: auto;
  }

  /* It has the focus until something in it is chosen: a ring around all of it would say nothing. */
  dialog:focus-visible {
    outline: 0;
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 55%);
  }

  fairlead-sign-in {
    max-inline-size: none;
  }

  .redirect {
    display: grid;
    gap: 16px;
  }

  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 8px 16px;
    margin: 0;
  }

  dt {
    color: var(--_quiet);
  }

  dd {
    margin: 0;
    max-block-size: 8lh;
    overflow: auto;
    overflow-wrap: anywhere;
  }

  .warning {
    display: flex;
    gap: 8px;
    padding: 8px 12px;
    border: 1px solid var(--_danger);
    border-radius: var(--_radius);
    background: var(--_danger-surface);
  }

  .warning .icon {
    flex: none;
    color: var(--_danger);
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
  }

  .waiting {
    margin-block-start: 16px;
    text-align: end;
  }
`;
