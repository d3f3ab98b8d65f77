import type { CertificateViewerMessages } from "./messages.ts";

/** What the certificate viewer says, in Arabic. */
export const certificateViewer: CertificateViewerMessages = {
  label: "الشهادات",
};
