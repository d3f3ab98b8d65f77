import { mailboxNames } from "../services/mail/mail-store.ts";
import { controlRoutes } from "./control-route.ts";

/** What was mailed. */
export const mailRoutes = controlRoutes(
  {
    method: "GET",
    path: "/mail",
    does: "lists the mail of every mailbox: who it is from and to, and the message",
    handle: ({ network: { mail } }) =>
      mailboxNames.flatMap((mailbox) =>
        mail.list(mailbox).map(({ uid, bytes, receivedAt, envelope, flags }) => ({
          ...{ mailbox, uid, receivedAt: new Date(receivedAt).toISOString(), flags: [...flags] },
          ...{
            from: envelope?.from ?? null,
            to: envelope?.to ?? [],
            sizeBytes: bytes.length,
            message: bytes.toString(),
          },
        })),
      ),
  },
  {
    method: "DELETE",
    path: "/mail",
    does: "takes all mail away",
    handle: ({ network: { mail } }) => {
      mail.clear();
      return [];
    },
  },
);
