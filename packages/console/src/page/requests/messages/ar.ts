import type { RequestsMessages } from "./messages.ts";

/** What the list of requests says, in Arabic. */
export const requests: RequestsMessages = {
  title: "الطلبات",
  nothingYet: "لا طلبات بعد",
  nothingYetHint: "أدخل عنوانًا في الأعلى أو استخدم البرنامج: كل طلب يرسله يُدرج هنا.",
};
