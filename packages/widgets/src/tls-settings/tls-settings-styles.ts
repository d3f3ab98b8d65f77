import { css } from "lit";

/** The look of the TLS settings. */
export const tlsSettingsStyles = css`
  :host {
    max-inline-size: 48rem;
    container-type: inline-size;
  }

  form,
  .notes {
    display: grid;
    gap: 16px;
  }

  .notes > :not(.note):not(:has(*)) {
    display: none;
  }

  .notes:not(:has(p, li)) {
    display: none;
  }

  fieldset {
    display: grid;
    gap: 8px;
    min-inline-size: 0;
    margin: 0;
    padding: 8px 16px 16px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }

  legend {
    padding-inline: 4px;
    font-weight: 600;
  }

  .subtitle {
    font-weight: 600;
  }

  .dangerous {
    border-color: var(--_danger);
  }

  .dangerous legend {
    color: var(--_danger);
  }

  .option {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 8px;
    align-items: start;
    padding-block: 2px;
  }

  /* A name in Latin letters stands beside its box where the words run from right to left, too. */
  .option > bdi {
    justify-self: start;
  }

  .option input {
    margin-block-start: 2px;
  }

  .hint {
    display: block;
    color: var(--_quiet);
    font-size: 0.8125rem;
  }

  .algorithms {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr));
    gap: 4px 16px;
    padding-inline-start: 26px;
  }

  .algorithms[hidden] {
    display: none;
  }

  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr));
    gap: 8px 16px;
  }

  .field {
    display: grid;
    gap: 4px;
  }

  textarea {
    inline-size: 100%;
    resize: vertical;
  }

  .note {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 8px;
    padding: 12px;
    border: 1px solid currentcolor;
    border-radius: var(--_radius);
  }

  .note > div {
    color: var(--_text);
  }

  .danger-note {
    background: var(--_danger-surface);
    color: var(--_danger);
  }

  .caution-note {
    background: var(--_caution-surface);
    color: var(--_caution);
  }

  ul {
    display: grid;
    gap: 4px;
    margin: 4px 0 0;
    padding-inline-start: 20px;
  }

  .subject {
    font-weight: 600;
  }

  dialog {
    inline-size: min(100vw - 32px, 32rem);
    max-block-size: calc(100dvh - 32px);
    padding: 24px;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_surface);
    color: var(--_text);
    box-shadow: 0 16px 48px rgb(0 0 0 / 30%);
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 55%);
  }

  dialog h3 {
    margin-block-start: 16px;
  }

  .ask-title {
    display: flex;
    align-items: center;
    gap: 8px;
  }

  .ask-title .icon {
    flex: none;
    color: var(--_danger);
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
    margin-block-start: 24px;
  }

  @media (width < 30rem) {
    .actions button {
      flex: 1 1 auto;
    }
  }
`;
