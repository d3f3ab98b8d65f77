import { FairleadAddressBar } from "./address-bar/address-bar.ts";
import { FairleadCertificateException } from "./certificate-exception/certificate-exception.ts";
import { FairleadCertificatePicker } from "./certificate-picker/certificate-picker.ts";
import { FairleadCertificateViewer } from "./certificate-viewer/certificate-viewer.ts";
import { FairleadConnectivity } from "./connectivity/connectivity.ts";
import { FairleadRequestTimeline } from "./request-timeline/request-timeline.ts";
import { FairleadTransferList } from "./transfer/transfer-list.ts";
import { FairleadTransferProgress } from "./transfer/transfer-progress.ts";
import { defineElements, type WidgetClass } from "./element.ts";
import { FairleadSignIn } from "./sign-in/sign-in.ts";
import { FairleadTlsSettings } from "./tls-settings/tls-settings.ts";

/** All widgets. */
export const widgets: readonly WidgetClass[] = [
  FairleadAddressBar,
  FairleadCertificateException,
  FairleadCertificatePicker,
  FairleadCertificateViewer,
  FairleadConnectivity,
  FairleadSignIn,
  FairleadTlsSettings,
  FairleadRequestTimeline,
  FairleadTransferProgress,
  FairleadTransferList,
];

/** Gives all widgets their names in a page. What has its name already keeps it. */
export function defineWidgets(registry?: CustomElementRegistry): void {
  defineElements(widgets, registry);
}
