import type { CertificatePickerMessages } from "./messages.ts";

const number = new Intl.NumberFormat("ar");
const plural = new Intl.PluralRules("ar");

/** What the question for a client certificate says, in Arabic. */
export const certificatePicker: CertificatePickerMessages = {
  label: "اختيار شهادة",
  asks: {
    server: "يريد هذا الخادم معرفة هويتك بشهادة:",
    proxy: "يريد هذا الوكيل، الواقع على الطريق إلى الخادم، معرفة هويتك بشهادة:",
  },
  reveals: "تُرسل الشهادة كاملة مع الاسم المذكور فيها. وفي TLS 1.2 وما قبله يستطيع كل من على الطريق قراءتها أيضًا.",
  authorities: (count) => `عدد جهات الإصدار التي يقبل شهاداتها: ${number.format(count)}`,
  noAuthorities: "لم يذكر الجهات التي يقبل شهاداتها.",
  identities: "شهاداتك",
  filter: "البحث بالاسم أو المُصدر",
  found: (count) => {
    switch (plural.select(count)) {
      case "zero":
        return "لا توجد شهادات";
      case "one":
        return "شهادة واحدة";
      case "two":
        return "شهادتان";
      case "few":
        return `${number.format(count)} شهادات`;
      case "many":
      case "other":
        return `${number.format(count)} شهادة`;
    }
  },
  more: (count) => `غير المعروض: ${number.format(count)}. ابحث بالاسم.`,
  noneSuitable: "ليست لديك شهادة يقبلها.",
  issuedBy: "المُصدر",
  states: {
    valid: (distance) => `تنتهي ${distance}`,
    "not-yet-valid": (distance) => `لم تبدأ صلاحيتها؛ تبدأ ${distance}`,
    expired: (distance) => `انتهت صلاحيتها ${distance}`,
    unreadable: () => "لا يمكن قراءة تواريخها",
  },
  unnamed: "بلا اسم",
  remember: "افعل الشيء نفسه في المرة القادمة لهذا الخادم",
  send: "إرسال هذه الشهادة",
  without: "المتابعة بدونها",
  cancel: "إلغاء",
};
