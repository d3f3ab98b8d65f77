import { serviceFamily } from "../service-entry.ts";
import { imapServices } from "./imap-services.ts";
import { pop3Services } from "./pop3-services.ts";
import { smtpServices } from "./smtp-services.ts";

/** Mail, sent and fetched: with STARTTLS, and with what goes wrong there. */
export const mailServices = serviceFamily("mail", "send and hand out mail", [
  ...smtpServices,
  ...imapServices,
  ...pop3Services,
]);
