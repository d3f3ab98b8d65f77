import type { CertificateViewerMessages } from "./messages.ts";

/** What the certificate viewer says, in English. */
export const certificateViewer: CertificateViewerMessages = {
  label: "Certificates",
};
