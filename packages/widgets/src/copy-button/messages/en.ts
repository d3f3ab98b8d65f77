import type { CopyButtonMessages } from "./messages.ts";

/** What a button that copies says, in English. */
export const copyButton: CopyButtonMessages = {
  copy: (label) => `Copy ${label}`,
  copied: "Copied",
  refused: "This page may not copy: take the text below",
};
