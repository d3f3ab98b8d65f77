import type { CertificateExceptionMessages } from "./messages.ts";

/** What the dialog about an exception says, in English. */
export const certificateException: CertificateExceptionMessages = {
  label: "Certificate not trusted",
};
