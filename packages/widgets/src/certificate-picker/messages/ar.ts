import type { CertificatePickerMessages } from "./messages.ts";

/** What the question for a client certificate says, in Arabic. */
export const certificatePicker: CertificatePickerMessages = {
  label: "اختيار شهادة",
};
