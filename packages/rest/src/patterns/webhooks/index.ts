/** Webhooks: messages that a service sends by itself, signed. */
export { webhookMemory, type WebhookMemory } from "./memory.ts";
export { genericWebhooks, githubWebhooks, type GenericWebhookOptions } from "./protocol/generic.ts";
export type {
  Form,
  OutgoingWebhook,
  ReceivedWebhook,
  SignedPieces,
  WebhookClaims,
  WebhookDraft,
  WebhookScheme,
} from "./protocol/scheme.ts";
export { slackWebhooks } from "./protocol/slack.ts";
export { standardWebhooks } from "./protocol/standard.ts";
export { stripeWebhooks } from "./protocol/stripe.ts";
export { twilioWebhooks } from "./protocol/twilio.ts";
export { signWebhook, type SignWebhookOptions, type WebhookToSign } from "./sign.ts";
export { verifyWebhook, type VerifiedWebhook, type VerifyWebhookOptions, type WebhookMessage } from "./verify.ts";
export { webhook, type WebhookOptions } from "./webhook.ts";
