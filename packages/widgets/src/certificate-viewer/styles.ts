import { css } from "lit";

/** The look of the certificate viewer: path beside details where there is room, above them where there is not. */
export const certificateViewerStyles = css`
  :host {
    container-type: inline-size;
  }

  .viewer {
    display: grid;
    gap: 24px;
  }

  .icon {
    flex: none;
  }

  .empty,
  .verified {
    display: flex;
    gap: 8px;
    align-items: flex-start;
  }

  .verdict {
    padding: 12px 16px;
    border: 1px solid;
    border-radius: var(--_radius);
  }

  .verified {
    border-color: color-mix(in srgb, var(--_good) 40%, transparent);
    background: var(--_good-surface);
    color: var(--_good);
  }

  .problems {
    display: grid;
    gap: 12px;
    border-color: color-mix(in srgb, var(--_danger) 40%, transparent);
    background: var(--_danger-surface);
  }

  .problems h2 {
    display: flex;
    gap: 8px;
    align-items: center;
    color: var(--_danger);
  }

  .problems ul {
    display: grid;
    gap: 12px;
    margin: 0;
    padding: 0;
    padding-inline-start: 28px;
    list-style: none;
  }

  .problems li {
    display: grid;
    gap: 4px;
    justify-items: start;
  }

  .problems .quiet {
    color: inherit;
  }

  .link {
    display: inline-block;
    min-block-size: 28px;
    padding: 3px 0;
    border: none;
    color: var(--_accent);
    text-align: start;
    text-decoration: underline;
    text-underline-offset: 3px;
  }

  .link:hover:not(:disabled) {
    background: transparent;
  }

  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
    align-items: start;
  }

  .path {
    display: grid;
    gap: 4px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .node {
    display: flex;
    gap: 12px;
    align-items: flex-start;
    margin-inline-start: calc(var(--level) * 16px);
    padding: 8px 12px;
    border: 1px solid transparent;
    border-radius: var(--_radius);
  }

  [role="treeitem"] {
    cursor: pointer;
  }

  [role="treeitem"]:hover {
    background: var(--_raised);
  }

  [role="treeitem"][aria-selected="true"] {
    border-color: var(--_accent);
    background: var(--_accent-surface);
  }

  .node-text {
    display: grid;
    justify-items: start;
    min-inline-size: 0;
    font-size: 0.8125rem;
  }

  .node-title {
    font-size: 0.9375rem;
    font-weight: 600;
  }

  .missing {
    border: 1px dashed var(--_danger);
  }

  .unseen {
    border: 1px dashed var(--_line);
  }

  .missing .icon {
    color: var(--_danger);
  }

  .details {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 20px;
    min-inline-size: 0;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    justify-content: space-between;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .group,
  .connection {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
    padding-block-start: 16px;
    border-block-start: 1px solid var(--_line);
  }

  dl {
    display: grid;
    gap: 8px;
    margin: 0;
  }

  .row {
    display: grid;
    gap: 0 16px;
  }

  dt {
    color: var(--_quiet);
  }

  dd {
    margin: 0;
    min-inline-size: 0;
  }

  .copied {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    justify-content: space-between;
  }

  .copied fairlead-copy-button {
    margin-block: -4px;
  }

  .time-line {
    position: relative;
    block-size: 40px;
    margin-inline: 8px;
  }

  .time-track,
  .time-valid {
    position: absolute;
    inset-block-end: 6px;
    block-size: 8px;
    border-radius: 4px;
  }

  .time-track {
    inset-inline: 0;
    background: var(--_line);
  }

  .time-valid {
    inset-inline: calc(var(--start) * 100%) calc((1 - var(--end)) * 100%);
    background: var(--_accent);
  }

  .expired .time-valid,
  .not-yet-valid .time-valid {
    background: var(--_quiet);
  }

  .time-now {
    position: absolute;
    inset-block: 20px 0;
    inset-inline-start: calc(var(--now) * 100%);
    inline-size: 2px;
    margin-inline-start: -1px;
    background: var(--_text);
  }

  .expired .time-now,
  .not-yet-valid .time-now {
    background: var(--_danger);
  }

  .time-label {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: calc(var(--now) * 100%);
    font-size: 0.8125rem;
    line-height: 20px;
    white-space: nowrap;
    translate: calc(var(--now) * -100%) 0;
  }

  :host([dir="rtl"]) .time-label {
    translate: calc(var(--now) * 100%) 0;
  }

  @container (min-inline-size: 44rem) {
    .columns {
      grid-template-columns: minmax(15rem, 20rem) minmax(0, 1fr);
      gap: 32px;
    }

    .columns > :first-child {
      position: sticky;
      inset-block-start: 16px;
    }

    .connection dl {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 8px 32px;
    }
  }

  @container (min-inline-size: 30rem) {
    .row {
      grid-template-columns: 9.5rem minmax(0, 1fr);
    }
  }

  @media (forced-colors: active) {
    .time-track,
    .time-valid,
    .time-now {
      border: 1px solid CanvasText;
    }

    .time-valid {
      background: CanvasText;
    }

    [role="treeitem"][aria-selected="true"] {
      border-width: 3px;
    }
  }
`;
