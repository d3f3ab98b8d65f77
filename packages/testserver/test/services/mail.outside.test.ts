import { mailServices } from "../../src/services/mail/index.ts";
import { describeServices } from "../describe-services.ts";
import { imapChecks } from "./mail/imap-checks.ts";
import { pop3Checks } from "./mail/pop3-checks.ts";
import { smtpChecks } from "./mail/smtp-checks.ts";

describeServices(mailServices, { ...smtpChecks, ...imapChecks, ...pop3Checks });
