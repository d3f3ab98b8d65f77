import { css } from "lit";

/** How a URL is drawn, and what was typed within it. */
export const urlStyles = css`
  .shown {
    padding-inline: 6px;
    overflow: hidden;
    white-space: nowrap;
    pointer-events: none;
  }

  bdi {
    unicode-bidi: isolate;
  }

  .url .strong {
    font-weight: 600;
  }

  .url .plain,
  .url .quiet {
    color: var(--_quiet);
  }

  .url .flagged {
    color: var(--_danger);
  }

  .placeholder {
    color: var(--_quiet);
  }

  mark {
    border-radius: 2px;
    background: var(--_accent-surface);
    color: inherit;
    text-decoration: underline;
    text-decoration-color: var(--_accent);
    text-underline-offset: 3px;
  }

  @media (forced-colors: active) {
    .url .flagged {
      text-decoration: underline;
    }
  }
`;
