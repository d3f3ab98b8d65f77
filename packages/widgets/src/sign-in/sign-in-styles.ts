import { css } from "lit";

/** The look of the question for credentials. */
export const signInStyles = css`
  :host {
    max-inline-size: 28rem;
    container-type: inline-size;
  }

  form {
    display: grid;
    gap: 16px;
  }

  .header {
    display: grid;
    gap: 4px;
  }

  h2 {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-block-end: 4px;
  }

  .icon {
    flex: none;
  }

  .asker {
    padding: 8px 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    font-size: 1.0625rem;
  }

  dl {
    display: grid;
    gap: 8px;
    margin: 0;
  }

  dl > div {
    display: grid;
    grid-template-columns: 8.5rem minmax(0, 1fr);
    gap: 4px 12px;
  }

  dt {
    color: var(--_quiet);
  }

  dd {
    display: grid;
    gap: 2px;
    margin: 0;
  }

  .foreign {
    quotes: "“" "”";
    font-style: italic;
  }

  :host(:dir(rtl)) .foreign {
    quotes: "«" "»";
    font-style: normal;
  }

  .state {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }

  .note {
    display: flex;
    gap: 8px;
    padding: 8px 12px;
    border: 1px solid currentcolor;
    border-radius: var(--_radius);
  }

  .note > span {
    color: var(--_text);
  }

  .danger-note,
  .refused {
    background: var(--_danger-surface);
    color: var(--_danger);
  }

  .caution-note {
    background: var(--_caution-surface);
    color: var(--_caution);
  }

  .field {
    display: grid;
    gap: 4px;
  }

  .field > p:empty {
    display: none;
  }

  input:not([type="checkbox"]),
  select {
    inline-size: 100%;
  }

  input[readonly] {
    background: var(--_raised);
  }

  input[aria-invalid="true"] {
    border-color: var(--_danger);
  }

  .secret {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px;
  }

  .check {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 36px;
  }

  .check input {
    flex: none;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
  }

  @container (max-width: 22rem) {
    dl > div {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
