import { css } from "lit";

/** The look of the dialog: the answer stays in sight, whatever there is to read above it. */
export const certificateExceptionStyles = css`
  :host {
    display: contents;
  }

  dialog {
    inline-size: min(100vw - 32px, 44rem);
    max-inline-size: none;
    max-block-size: calc(100dvh - 32px);
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_surface);
    color: var(--_text);
    box-shadow: 0 16px 48px rgb(0 0 0 / 30%);
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 55%);
  }

  .content {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    padding: 24px 24px 16px;
  }

  header {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 16px;
    align-items: start;
  }

  h2 {
    font-size: 1.1875rem;
  }

  .sign {
    display: grid;
    place-items: center;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    background: var(--_danger-surface);
    color: var(--_danger);
  }

  .who {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    align-items: baseline;
    margin-block-start: 4px;
  }

  .host {
    font-family: var(--_mono);
    font-weight: 600;
  }

  section {
    display: grid;
    gap: 4px;
  }

  ul {
    margin: 0;
    padding-inline-start: 20px;
  }

  .barrier {
    padding: 12px 16px;
    border-radius: var(--_radius);
    background: var(--_caution-surface);
  }

  .barrier h3 {
    color: var(--_caution);
  }

  details {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }

  summary {
    padding: 8px 12px;
    border-radius: var(--_radius);
    cursor: pointer;
  }

  details[open] summary {
    border-block-end: 1px solid var(--_line);
    border-end-start-radius: 0;
    border-end-end-radius: 0;
  }

  fairlead-certificate-viewer {
    padding: 16px;
  }

  .confirm {
    gap: 8px;
    padding: 16px 24px;
    border-block-start: 1px solid var(--_line);
  }

  .typed {
    display: grid;
    gap: 4px;
  }

  .typed input {
    font-family: var(--_mono);
  }

  .remember {
    display: flex;
    gap: 8px;
    align-items: center;
    min-block-size: 24px;
  }

  footer {
    position: sticky;
    inset-block-end: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: flex-end;
    padding: 16px 24px;
    border-block-start: 1px solid var(--_line);
    background: var(--_surface);
  }

  .missing {
    flex: 1 1 16rem;
    font-size: 0.8125rem;
  }

  @media (max-width: 30rem) {
    .content {
      padding: 16px;
    }

    .confirm,
    footer {
      padding: 12px 16px;
    }

    footer button {
      flex: 1 1 auto;
    }

    .missing {
      flex-basis: 100%;
    }
  }

  @media (forced-colors: active) {
    .barrier {
      border: 1px solid CanvasText;
    }
  }
`;
