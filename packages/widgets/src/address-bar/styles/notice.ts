import { css } from "lit";

/** How the notice of a possible deception looks. */
export const noticeStyles = css`
  .notice {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr) auto;
    align-items: center;
    gap: 8px 12px;
    margin-block-start: 8px;
    padding: 12px 16px;
    border: 1px solid var(--_caution);
    border-radius: calc(var(--_radius) + 2px);
    background: var(--_caution-surface);
  }

  .notice.likely {
    border-color: var(--_danger);
    background: var(--_danger-surface);
  }

  .notice > .icon {
    align-self: start;
    color: var(--_caution);
  }

  .notice.likely > .icon {
    color: var(--_danger);
  }

  .notice .reason {
    margin-block-start: 2px;
    font-size: 0.875rem;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .narrow .actions {
    grid-column: 2 / -1;
  }

  @media (forced-colors: active) {
    .notice {
      border-color: CanvasText;
    }
  }
`;
