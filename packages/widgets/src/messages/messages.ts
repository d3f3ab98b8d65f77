import type { AddressBarMessages } from "../address-bar/messages/messages.ts";
import type { CertificateExceptionMessages } from "../certificate-exception/messages/messages.ts";
import type { CertificatePickerMessages } from "../certificate-picker/messages/messages.ts";
import type { CertificateProblemMessages } from "../certificate-problems/messages/messages.ts";
import type { CertificateViewerMessages } from "../certificate-viewer/messages/messages.ts";
import type { ConnectivityMessages } from "../connectivity/messages/messages.ts";
import type { CopyButtonMessages } from "../copy-button/messages/messages.ts";
import type { LongListMessages } from "../long-list/messages/messages.ts";
import type { RequestTimelineMessages } from "../request-timeline/messages/messages.ts";
import type { SignInMessages } from "../sign-in/messages/messages.ts";
import type { TlsSettingsMessages } from "../tls-settings/messages/messages.ts";
import type { TransferMessages } from "../transfer/messages/messages.ts";

/** All words of one language. Numbers, durations, dates and plurals are written by `Intl` for its locale. */
export interface Messages {
  /** A BCP 47 language tag. */
  readonly locale: string;
  readonly direction: "ltr" | "rtl";
  readonly addressBar: AddressBarMessages;
  readonly certificateException: CertificateExceptionMessages;
  readonly certificatePicker: CertificatePickerMessages;
  readonly certificateProblems: CertificateProblemMessages;
  readonly certificateViewer: CertificateViewerMessages;
  readonly connectivity: ConnectivityMessages;
  readonly copyButton: CopyButtonMessages;
  readonly longList: LongListMessages;
  readonly requestTimeline: RequestTimelineMessages;
  readonly signIn: SignInMessages;
  readonly tlsSettings: TlsSettingsMessages;
  readonly transfer: TransferMessages;
}
