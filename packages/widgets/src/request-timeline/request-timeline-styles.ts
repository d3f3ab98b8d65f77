import { css } from "lit";

/** The look of a time line: each phase has a pattern of its own, and a colour beside it. */
export const timelineStyles = css`
  :host {
    container-type: inline-size;
    font-variant-numeric: tabular-nums;
  }

  .summary {
    margin-block-end: 12px;
    font-weight: 600;
  }

  table,
  thead,
  tbody {
    display: block;
  }

  tr {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 4px 12px;
    padding-block: 8px;
    border-block-end: 1px solid var(--_line);
    font-size: 0.875rem;
  }

  td,
  th {
    padding: 0;
    text-align: start;
  }

  th {
    color: var(--_quiet);
    font-size: 0.8125rem;
    font-weight: 400;
  }

  th:nth-child(2) {
    display: none;
  }

  .request,
  .axis,
  .phases,
  .between td {
    grid-column: 1 / -1;
  }

  .between td {
    text-align: center;
  }

  th:first-child {
    grid-column: 1;
  }

  .duration {
    text-align: end;
    white-space: nowrap;
  }

  .request button {
    align-items: flex-start;
    justify-content: flex-start;
    gap: 4px;
    min-block-size: 28px;
    max-inline-size: 100%;
    padding: 2px 4px 2px 0;
    text-align: start;
  }

  .chevron {
    flex: none;
    inline-size: 16px;
    block-size: 16px;
    margin-block-start: 3px;
    fill: none;
    stroke: var(--_quiet);
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  :host([dir="rtl"]) .chevron {
    transform: scaleX(-1);
  }

  [aria-expanded="true"] .chevron,
  :host([dir="rtl"]) [aria-expanded="true"] .chevron {
    transform: rotate(90deg);
  }

  .method {
    color: var(--_quiet);
    font-size: 0.8125rem;
  }

  .url-quiet {
    color: var(--_quiet);
  }

  .url-strong {
    font-weight: 600;
  }

  .url-flagged {
    color: var(--_caution);
  }

  .result {
    display: flex;
    flex-wrap: wrap;
    align-content: flex-start;
    gap: 0 8px;
  }

  .status {
    font-weight: 600;
  }

  .ticks {
    position: relative;
    display: block;
    block-size: 1.25rem;
    overflow: hidden;
  }

  .tick {
    position: absolute;
    inset-inline-start: calc(var(--_at) * 100%);
    padding-inline-start: 4px;
    border-inline-start: 1px solid var(--_line);
    white-space: nowrap;
  }

  .track {
    position: relative;
    block-size: 20px;
    overflow: hidden;
  }

  .line {
    position: absolute;
    inset-block: 0;
    inset-inline-start: calc(var(--_at) * 100%);
    border-inline-start: 1px solid var(--_line);
  }

  .bar {
    position: absolute;
    inset-block: 3px;
    inset-inline-start: min(calc(var(--_at) * 100%), calc(100% - 3px));
    inline-size: calc(var(--_width, 0) * 100%);
    min-inline-size: 3px;
  }

  .bar.none {
    inset-inline-start: min(calc(var(--_at) * 100%), calc(100% - 8px));
    inline-size: 8px;
    block-size: 8px;
    inset-block: 6px;
    border: 2px solid var(--_edge);
    border-radius: 50%;
  }

  .bar.open {
    border-inline-end: 2px dashed var(--_text);
  }

  .swatch {
    display: inline-block;
    flex: none;
    inline-size: 16px;
    block-size: 12px;
    margin-inline-end: 8px;
    vertical-align: -1px;
  }

  .blocked {
    --_hue: var(--_edge);
    border-block: 1px solid var(--_hue);
    background: linear-gradient(var(--_hue), var(--_hue)) center / 100% 1px no-repeat;
  }

  .resolve {
    --_hue: var(--_good);
    background: repeating-linear-gradient(90deg, var(--_hue) 0 2px, transparent 2px 4px);
    border: 1px solid var(--_hue);
  }

  .connect {
    --_hue: var(--_caution);
    background: repeating-linear-gradient(45deg, var(--_hue) 0 2px, transparent 2px 5px);
    border: 1px solid var(--_hue);
  }

  .secure {
    --_hue: color-mix(in srgb, var(--_accent), var(--_danger));
    background: repeating-linear-gradient(-45deg, var(--_hue) 0 4px, transparent 4px 6px);
    border: 1px solid var(--_hue);
  }

  .send {
    --_hue: var(--_text);
    background: var(--_hue);
  }

  .wait {
    --_hue: var(--_accent);
    background: radial-gradient(var(--_hue) 1px, transparent 1.4px) 0 0 / 5px 5px;
    border: 1px solid var(--_hue);
  }

  /* A thick core between two lines: not what is sent, which is solid, whatever the colours. */
  .receive {
    --_hue: var(--_accent);
    padding-block: 2px;
    border: 1px solid var(--_hue);
    background: linear-gradient(var(--_hue), var(--_hue)) content-box;
  }

  .details {
    display: grid;
    gap: 4px 24px;
    padding-block: 8px 4px;
  }

  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .list li {
    display: flex;
    align-items: center;
    line-height: 24px;
  }

  .list b {
    margin-inline-start: auto;
    padding-inline-start: 16px;
    font-weight: 600;
    white-space: nowrap;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
    margin-block-start: 12px;
    color: var(--_quiet);
    font-size: 0.8125rem;
  }

  @container (width < 30rem) {
    .tick:nth-child(even) {
      display: none;
    }
  }

  @container (width >= 45rem) {
    tr {
      grid-template-columns: minmax(0, 5fr) minmax(0, 3fr) 4rem minmax(0, 8fr);
      gap: 4px 16px;
    }

    th:nth-child(2) {
      display: block;
    }

    .request,
    .axis,
    .phases,
    th:first-child {
      grid-column: auto;
    }

    td.result,
    td.duration {
      padding-block-start: 4px;
    }

    .track {
      margin-block: 4px;
    }

    .details {
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
    }
  }

  @media (forced-colors: active) {
    .bar,
    .swatch {
      --_hue: CanvasText;

      forced-color-adjust: none;
    }

    /* All lines are of one colour: those of the scale are not to be taken for an end of a bar. */
    .line {
      border-inline-start-style: dotted;
    }
  }
`;
