import type { QuestionsMessages } from "./messages.ts";

const number = new Intl.NumberFormat("ar");

/** What the questions of the manager say, in Arabic. */
export const questions: QuestionsMessages = {
  title: "طلب ينتظر جوابك",
  redirectTitle: "هل تُتبع إعادة التوجيه هذه؟",
  redirectAsks: (status) => `أجاب الخادم بـ \u2068${status}\u2069 وذكر عنوانًا آخر.`,
  redirectFrom: "من",
  redirectTo: "إلى",
  lessSafe: "العنوان الجديد غير مشفر: كل من في الطريق يستطيع قراءة ما يُرسل وتغييره.",
  follow: "اتباعها",
  stay: "عدم اتباعها",
  waiting: (count) => `أسئلة أخرى تنتظر: ${number.format(count)}`,
};
