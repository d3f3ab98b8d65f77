import type { CertificateExceptionMessages } from "./messages.ts";

/** What the dialog about an exception says, in Arabic. */
export const certificateException: CertificateExceptionMessages = {
  label: "شهادة غير موثوق بها",
};
