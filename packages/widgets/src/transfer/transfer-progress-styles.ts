import { css } from "lit";

/** The look of one transfer. */
export const transferProgressStyles = css`
  :host {
    container-type: inline-size;
  }

  .transfer {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr) auto;
    column-gap: 12px;
    row-gap: 4px;
    align-items: center;
    font-variant-numeric: tabular-nums;
  }

  .icon {
    display: block;
    inline-size: 20px;
    block-size: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .direction {
    color: var(--_quiet);
  }

  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    column-gap: 12px;
    min-inline-size: 0;
  }

  .name {
    font-weight: 600;
  }

  .peer {
    font-size: 0.8125rem;
  }

  .actions {
    display: flex;
  }

  .actions button {
    padding: 4px;
  }

  .bar,
  .facts,
  .problem {
    grid-column: 2 / -1;
  }

  .bar {
    position: relative;
    block-size: 8px;
    overflow: hidden;
    border: 1px solid var(--_edge);
    border-radius: 4px;
    background: var(--_raised);
  }

  .fill {
    block-size: 100%;
    inline-size: calc(var(--_share, 0) * 100%);
    background: var(--_fill);
    transition: inline-size 0.3s linear;
  }

  .resumed {
    block-size: 100%;
    inline-size: calc(var(--_resumed) / var(--_share) * 100%);
    background: repeating-linear-gradient(-45deg, var(--_fill) 0 3px, var(--_raised) 3px 5px);
    border-inline-end: 1px solid var(--_surface);
  }

  .transfer {
    --_fill: var(--_accent);
  }

  .paused,
  .waiting {
    --_fill: var(--_quiet);
  }

  .stalled {
    --_fill: var(--_caution);
  }

  .failed {
    --_fill: var(--_danger);
  }

  .stalled .direction,
  .stalled strong {
    color: var(--_caution);
  }

  .failed .direction,
  .failed .facts strong {
    color: var(--_danger);
  }

  .done .direction {
    color: var(--_good);
  }

  /* How much there is to come is not known: what moves says that something does, what is striped that no end is shown. */
  .unknown .fill {
    inline-size: 100%;
    background: repeating-linear-gradient(-45deg, var(--_fill) 0 8px, transparent 8px 16px);
    background-size: 22.627px 100%;
  }

  .under-way .unknown .fill {
    animation: on 1.2s linear infinite;
  }

  @keyframes on {
    to {
      background-position-x: 22.627px;
    }
  }

  /* A dot stands before each fact but the first of a line: there it lies beyond the edge, and is cut off. */
  .facts {
    display: flex;
    flex-wrap: wrap;
    overflow: clip;
    color: var(--_quiet);
    font-size: 0.8125rem;
    line-height: 20px;
  }

  .facts > span {
    position: relative;
    margin-inline: -16px 16px;
    padding-inline-start: 16px;
  }

  .facts > span::before {
    content: "·";
    position: absolute;
    inset-inline-start: 0;
    inline-size: 16px;
    text-align: center;
  }

  .facts strong {
    color: var(--_text);
    font-weight: 600;
  }

  .problem {
    margin-block-start: 4px;
    padding: 8px 12px;
    border-inline-start: 3px solid var(--_danger);
    border-radius: 4px;
    background: var(--_danger-surface);
    font-size: 0.875rem;
  }

  @media (forced-colors: active) {
    .fill,
    .resumed {
      --_fill: Highlight;

      forced-color-adjust: none;
    }
  }
`;
