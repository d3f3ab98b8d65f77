import { css } from "lit";

/** How an origin looks: the site stands out, and so does a scheme that is not secure. */
export const originStyles = css`
  .origin {
    overflow-wrap: anywhere;
  }

  .origin .strong {
    font-weight: 650;
  }

  .origin .quiet {
    color: var(--_quiet);
  }

  .origin .flagged {
    color: var(--_danger);
    font-weight: 600;
  }
`;
