import { css } from "lit";

/** The look of the settings. */
export const settingsStyles = css`
  :host {
    display: grid;
    gap: 24px;
    align-content: start;
    padding: 16px;
  }

  section,
  form {
    display: grid;
    gap: 16px;
    max-inline-size: 48rem;
  }

  .fields,
  .numbers {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr));
    gap: 12px 16px;
  }

  .numbers {
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 8.5rem), 1fr));
  }

  .field {
    display: grid;
    gap: 4px;
    align-content: end;
  }

  .field > * {
    inline-size: 100%;
  }

  .switches {
    display: grid;
    gap: 8px;
  }

  .switch {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 8px;
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

  .actions {
    position: sticky;
    inset-block-end: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: flex-end;
    padding-block: 12px;
    border-block-start: 1px solid var(--_line);
    background: var(--_surface);
  }

  .actions [role="status"] {
    flex: 1;
  }
`;
