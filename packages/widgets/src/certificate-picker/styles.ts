import { css } from "lit";

/** The look of the question for a client certificate. */
export const certificatePickerStyles = css`
  :host {
    max-inline-size: 36rem;
  }

  .picker {
    container-type: inline-size;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }

  header {
    display: grid;
    gap: 4px;
  }

  h2 {
    display: flex;
    gap: 8px;
    align-items: center;
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

  summary {
    border-radius: 4px;
    cursor: pointer;
  }

  details fairlead-long-list {
    margin-block-start: 8px;
    padding-inline-start: 16px;
    border-inline-start: 2px solid var(--_line);
  }

  .note {
    padding: 12px 16px;
    border: 1px solid transparent;
    border-radius: var(--_radius);
    background: var(--_raised);
  }

  fieldset {
    display: grid;
    gap: 8px;
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: none;
  }

  legend {
    margin-block-end: 8px;
    padding: 0;
    font-size: 0.9375rem;
    font-weight: 700;
  }

  .identities {
    display: grid;
    overflow: hidden auto;
    max-block-size: 22rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }

  .identity {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 12px;
    padding: 12px;
    cursor: pointer;
  }

  .identity + .identity {
    border-block-start: 1px solid var(--_line);
  }

  .identity:hover {
    background: var(--_raised);
  }

  .identity:has(:checked) {
    background: var(--_accent-surface);
  }

  .identity input {
    margin-block-start: 2px;
  }

  .identity-text {
    display: grid;
    justify-items: start;
    font-size: 0.8125rem;
  }

  .identity-title {
    font-size: 0.9375rem;
    font-weight: 600;
  }

  .filter {
    display: grid;
    gap: 4px;
  }

  .remember {
    display: flex;
    gap: 8px;
    align-items: center;
    min-block-size: 24px;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
  }

  @container (width < 28rem) {
    .actions button {
      flex: 1 1 auto;
    }
  }
`;
