import { addressBar } from "../address-bar/messages/ar.ts";
import { certificateException } from "../certificate-exception/messages/ar.ts";
import { certificatePicker } from "../certificate-picker/messages/ar.ts";
import { certificateProblems } from "../certificate-problems/messages/ar.ts";
import { certificateViewer } from "../certificate-viewer/messages/ar.ts";
import { connectivity } from "../connectivity/messages/ar.ts";
import { copyButton } from "../copy-button/messages/ar.ts";
import { longList } from "../long-list/messages/ar.ts";
import { requestTimeline } from "../request-timeline/messages/ar.ts";
import { signIn } from "../sign-in/messages/ar.ts";
import { tlsSettings } from "../tls-settings/messages/ar.ts";
import { transfer } from "../transfer/messages/ar.ts";
import type { Messages } from "./messages.ts";

/** Arabic. */
export const arabic: Messages = {
  locale: "ar",
  direction: "rtl",
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
