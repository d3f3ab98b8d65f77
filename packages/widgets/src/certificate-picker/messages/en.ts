import type { CertificatePickerMessages } from "./messages.ts";

/** What the question for a client certificate says, in English. */
export const certificatePicker: CertificatePickerMessages = {
  label: "Choose a certificate",
};
