import { addressBar } from "./address-bar.ts";
import { certificateException } from "./certificate-exception.ts";
import { certificatePicker } from "./certificate-picker.ts";
import { certificateViewer } from "./certificate-viewer.ts";
import { connectivity } from "./connectivity.ts";
import { signIn } from "./sign-in.ts";
import { tlsSettings } from "./tls-settings.ts";
import { requestTimeline } from "./request-timeline.ts";
import type { GallerySection } from "./section.ts";
import { transferList } from "./transfer-list.ts";
import { transferProgress } from "./transfer-progress.ts";

/** Every widget in every state. */
export const sections: readonly GallerySection[] = [
  addressBar,
  certificateException,
  certificatePicker,
  certificateViewer,
  connectivity,
  signIn,
  tlsSettings,
  requestTimeline,
  transferProgress,
  transferList,
];
