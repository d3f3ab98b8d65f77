import { addressBar } from "../address-bar/messages/en.ts";
import { certificateException } from "../certificate-exception/messages/en.ts";
import { certificatePicker } from "../certificate-picker/messages/en.ts";
import { certificateProblems } from "../certificate-problems/messages/en.ts";
import { certificateViewer } from "../certificate-viewer/messages/en.ts";
import { connectivity } from "../connectivity/messages/en.ts";
import { copyButton } from "../copy-button/messages/en.ts";
import { longList } from "../long-list/messages/en.ts";
import { requestTimeline } from "../request-timeline/messages/en.ts";
import { signIn } from "../sign-in/messages/en.ts";
import { tlsSettings } from "../tls-settings/messages/en.ts";
import { transfer } from "../transfer/messages/en.ts";
import type { Messages } from "./messages.ts";

/** English. */
export const english: Messages = {
  locale: "en",
  direction: "ltr",
  addressBar,
  certificateException,
  certificatePicker,
  certificateProblems,
  certificateViewer,
  connectivity,
  copyButton,
  longList,
  requestTimeline,
  signIn,
  tlsSettings,
  transfer,
};
