import type { CopyButtonMessages } from "./messages.ts";

/** What a button that copies says, in Arabic. */
export const copyButton: CopyButtonMessages = {
  copy: (label) => `نسخ ${label}`,
  copied: "تم النسخ",
  refused: "لا يُسمح لهذه الصفحة بالنسخ: خذ النص أدناه",
};
