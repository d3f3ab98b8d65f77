import { css, type CSSResult, html, type TemplateResult } from "lit";
import type { ListedTransaction } from "../../protocol/index.ts";
import { lockIcon, openLockIcon, warningIcon } from "../icons.ts";

/** How safe a hop was. */
export type Security = ListedTransaction["security"];

/** The look of it. */
export const securityMarkStyles: CSSResult = css`
  .security-mark {
    display: flex;
    gap: 6px;
    align-items: center;
    color: var(--_quiet);
    white-space: nowrap;
  }

  .security-mark[data-security="insecure"],
  .security-mark[data-security="excepted"] {
    color: var(--_caution);
  }

  .security-mark .icon {
    inline-size: 16px;
    block-size: 16px;
    flex: none;
  }
`;

/** How safe a hop was, in words beside a sign. */
export function securityMark(security: Security, words: Readonly<Record<Security, string>>): TemplateResult {
  return html`<span class="security-mark" data-security=${security}>${signs[security]} ${words[security]}</span>`;
}

const signs: Readonly<Record<Security, TemplateResult | string>> = {
  verified: lockIcon,
  excepted: warningIcon,
  insecure: openLockIcon,
  none: "",
};
