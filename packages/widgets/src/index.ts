/** Web components for what is easy to get wrong. Nothing happens by importing them: `defineWidgets` gives them their names. */
export { FairleadCertificateException } from "./certificate-exception/certificate-exception.ts";
export {
  type CertificateExceptionDecision,
  FairleadCertificateExceptionEvent,
} from "./certificate-exception/certificate-exception-event.ts";
export type { SeenCertificate } from "./certificate-exception/seen-certificate.ts";
export { FairleadCertificatePickEvent, type PickedIdentity } from "./certificate-picker/certificate-pick-event.ts";
export { FairleadCertificatePicker } from "./certificate-picker/certificate-picker.ts";
export type { IdentityQuestion, OfferedIdentity } from "./certificate-picker/identity-question.ts";
export { FairleadCertificateDownloadEvent } from "./certificate-viewer/certificate-download-event.ts";
export { FairleadCertificateViewer } from "./certificate-viewer/certificate-viewer.ts";
export type {
  CertificateSource,
  ShownCertificate,
  ShownCertificateConnection,
  ShownCertificateProblem,
  ShownStaple,
} from "./certificate-viewer/shown-certificate.ts";
export { FairleadAddressBar } from "./address-bar/address-bar.ts";
export {
  type CueAnswer,
  FairleadCueAnswerEvent,
  FairleadForgetVisitEvent,
  FairleadNavigateEvent,
  FairleadReloadEvent,
  FairleadSearchEvent,
  FairleadShowCertificateEvent,
  FairleadStopEvent,
} from "./address-bar/events.ts";
export type { SiteSecurity } from "./address-bar/site-security.ts";
export type { Visit } from "./address-bar/visit.ts";
export { FairleadConnectivity } from "./connectivity/connectivity.ts";
export { FairleadOpenPortalEvent } from "./connectivity/open-portal-event.ts";
export type { SessionLimits, ShownConnectivity } from "./connectivity/shown-connectivity.ts";
export { FairleadCopyButton } from "./copy-button/copy-button.ts";
export { defineElements, FairleadElement, type WidgetClass } from "./element.ts";
export { drawIcon } from "./icons.ts";
export { FairleadLongList, type LongListItem } from "./long-list/long-list.ts";
export { endsOfList, type ListEnds } from "./long-list/rules/ends-of-list.ts";
export { english } from "./messages/en.ts";
export { languages, loadMessages } from "./messages/load-messages.ts";
export type { Messages } from "./messages/messages.ts";
export { pageMessages } from "./messages/page-messages.ts";
export { type StyleProperties, styleProperties } from "./style-properties.ts";
export {
  type DurationStyle,
  type DurationUnit,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatUnits,
} from "./text/quantities.ts";
export type {
  CredentialQuestion,
  CredentialsLifetime,
  EnteredCredentials,
} from "./sign-in/rules/credential-question.ts";
export { FairleadSignInCancelEvent, FairleadSignInEvent } from "./sign-in/sign-in-event.ts";
export { FairleadSignIn } from "./sign-in/sign-in.ts";
export { drawBreakable, drawUrlText } from "./draw-url-text.ts";
export { SHOWN_TEXT_LIMIT, shownText } from "./text/shown-text.ts";
export { FairleadRequestTimeline } from "./request-timeline/request-timeline.ts";
export type { HopTiming, TimelineHop } from "./request-timeline/timeline-facts.ts";
export { FairleadTlsSettingsEvent } from "./tls-settings/tls-settings-event.ts";
export { FairleadTlsSettings } from "./tls-settings/tls-settings.ts";
export { FairleadTransferEvent } from "./transfer/transfer-event.ts";
export type { TransferAction, TransferFacts, TransferState } from "./transfer/transfer-facts.ts";
export { FairleadTransferList } from "./transfer/transfer-list.ts";
export { FairleadTransferProgress } from "./transfer/transfer-progress.ts";
export { loadUrlData } from "./url-data/load-url-data.ts";
export { defineWidgets, widgets } from "./widgets.ts";
