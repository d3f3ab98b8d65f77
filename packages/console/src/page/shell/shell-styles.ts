import { css } from "lit";

/** Where things stand: a rail beside the view, which becomes icons on middling widths and a bar below on narrow ones. */
export const shellStyles = css`
  :host {
    display: grid;
    grid-template: "header header" auto "banner banner" auto "nav main" minmax(0, 1fr) / 13rem minmax(0, 1fr);
    block-size: 100dvh;
    background: var(--_surface);
    font-size: 0.875rem;
  }

  header {
    grid-area: header;
    display: grid;
    grid-template-columns: 12rem minmax(0, 1fr) auto;
    gap: 0 16px;
    align-items: center;
    padding: 8px 16px;
    border-block-end: 1px solid var(--_line);
  }

  .brand {
    padding-inline-start: 8px;
    font-size: 1.0625rem;
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  fairlead-address-bar {
    min-inline-size: 0;
  }

  .connectivity {
    color: var(--_quiet);
  }

  .banners {
    grid-area: banner;
  }

  .banner {
    padding: 8px 24px;
    border-block-end: 1px solid var(--_line);
    background: var(--_accent-surface);
  }

  .banner[data-state="lost"],
  .banner.faults {
    background: var(--_caution-surface);
    color: var(--_caution);
  }

  .faults:not([hidden]) {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
  }

  .faults a {
    color: inherit;
  }

  nav {
    grid-area: nav;
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    padding: 8px;
    border-inline-end: 1px solid var(--_line);
    background: var(--_raised);
    overflow: auto;
  }

  nav ul {
    display: grid;
    gap: 4px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  nav a {
    display: flex;
    gap: 12px;
    align-items: center;
    min-block-size: 40px;
    padding: 4px 12px;
    border-radius: var(--_radius);
    color: var(--_quiet);
    text-decoration: none;
  }

  nav a:hover {
    color: var(--_text);
  }

  nav a[aria-current] {
    background: var(--_accent-surface);
    color: var(--_accent);
    font-weight: 600;
  }

  .icon {
    flex: none;
  }

  .title {
    flex: 1;
    min-inline-size: 0;
  }

  .count {
    min-inline-size: 24px;
    padding: 0 6px;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_surface);
    color: var(--_text);
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
    font-weight: 400;
    text-align: center;
  }

  .program {
    display: grid;
    padding: 8px 12px;
    font-size: 0.8125rem;
  }

  main {
    grid-area: main;
    display: grid;
    min-block-size: 0;
    overflow: auto;
  }

  main:focus-visible {
    outline-offset: -2px;
  }

  .skip {
    position: absolute;
    inset-block-start: -100px;
    inset-inline-start: 8px;
    z-index: 3;
  }

  .skip:focus {
    inset-block-start: 8px;
  }

  @media (width < 62.5em) {
    :host {
      grid-template-columns: 5.5rem minmax(0, 1fr);
    }

    header {
      grid-template-columns: 4.5rem minmax(0, 1fr) auto;
    }

    .brand {
      padding: 0;
      text-align: center;
      font-size: 0.9375rem;
    }

    nav a {
      position: relative;
      flex-direction: column;
      gap: 4px;
      padding: 8px 4px;
      font-size: 0.75rem;
      line-height: 1.2;
      text-align: center;
    }

    .count {
      position: absolute;
      inset-block-start: 2px;
      inset-inline-end: 8px;
      font-size: 0.6875rem;
    }

    .program {
      display: none;
    }
  }

  @media (width < 40em) {
    :host {
      grid-template: "header" auto "banner" auto "main" minmax(0, 1fr) "nav" auto / minmax(0, 1fr);
    }

    header {
      grid-template-columns: minmax(0, 1fr);
      padding: 8px;
    }

    .brand {
      display: none;
    }

    .connectivity {
      margin: 8px 8px 0;
    }

    /* That nothing is wrong is told to those who hear the page; what is takes a line of its own. */
    .connectivity:is([state="online"], [state="local"], [state="unknown"]) {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      margin: 0;
      overflow: hidden;
      clip-path: inset(50%);
    }

    nav {
      padding: 4px;
      border-inline-end: 0;
      border-block-start: 1px solid var(--_line);
    }

    nav ul {
      grid-auto-columns: minmax(0, 1fr);
      grid-auto-flow: column;
      gap: 0;
    }

    nav a {
      block-size: 100%;
      padding: 6px 2px;
      font-size: 0.6875rem;
    }

    /* A bolder word may need a second line, and the bar must not grow with the choice. */
    nav a[aria-current] {
      font-weight: inherit;
    }

    .banner {
      padding: 8px 16px;
    }
  }

  @media (forced-colors: active) {
    nav a[aria-current] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
