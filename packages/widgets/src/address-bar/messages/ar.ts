import { formatSpan } from "../../text/moments.ts";
import type { PhishingCue } from "../../url/cues/phishing-cue.ts";
import type { AddressRefusal } from "../rules/decide-address.ts";
import type { AddressBarMessages } from "./messages.ts";

/** What the address bar says, in Arabic. */
export const addressBar: AddressBarMessages = {
  label: "العنوان",
  placeholder: "أدخل عنوانًا",
  searchPlaceholder: "ابحث أو أدخل عنوانًا",
  reload: "إعادة التحميل",
  stop: "إيقاف التحميل",
  loading: "جارٍ التحميل",
  aboutToLoad: "على وشك التحميل:",
  chip: {
    empty: "لا توجد صفحة",
    opening: "جارٍ الفتح",
    encrypted: "مشفَّر",
    unproven: "لم يُفحص",
    exception: "استثناء للشهادة",
    refused: "شهادة مرفوضة",
    "not-secure": "غير آمن",
    local: "هذا الجهاز",
    file: "ملف",
    embedded: "بلا موقع",
    script: "برنامج نصي",
    internal: "صفحة داخلية",
    "unknown-scheme": "مخطط مجهول",
    "no-url": "ليس عنوانًا",
  },
  says: {
    empty: "لا توجد صفحة مفتوحة.",
    opening: "الصفحة في الطريق، ولم يظهر منها شيء بعد.",
    encrypted: "لا يستطيع أحد في الطريق قراءة ما يُرسَل أو تغييره، وقد أثبت الموقع اسمه بشهادته.",
    unproven: "العنوان يطلب التشفير، ولا يُعرف شيء عن الاتصال بعد.",
    exception: "الاتصال مشفَّر، لكن الموقع لم يُثبت اسمه. قُبلت شهادته باستثناء.",
    refused: "لم يُثبت الموقع اسمه، لذلك لم يُرسَل إليه شيء.",
    "not-secure": "يستطيع أي شخص في الطريق قراءة ما يُرسَل وتغيير ما يعود.",
    local: "الاتصال غير مشفَّر، لكنه لا يغادر هذا الجهاز.",
    file: "هذا ملف من هذا الجهاز أو من شبكته، ولا يقف خلفه أي موقع.",
    embedded: "جاء هذا المحتوى مع العنوان نفسه، ولا يقف خلفه أي موقع.",
    script: "هذا العنوان برنامج نصي.",
    internal: "هذه الصفحة من صفحات التطبيق.",
    "unknown-scheme": "لا يُعرف شيء عن أمان مثل هذه العناوين.",
    "no-url": "هذا ليس عنوانًا يمكن فتحه.",
  },
  panel: {
    label: "أمان هذه الصفحة",
    site: "الموقع",
    protocol: "البروتوكول",
    cipher: "التعمية",
    group: "تبادل المفاتيح",
    subject: "الشهادة باسم",
    issuer: "صادرة عن",
    validUntil: "صالحة حتى",
    hsts: "مشفَّر دائمًا",
    hstsOn: "نعم، الموقع يطلب ذلك",
    hstsOff: "غير مطلوب",
    problems: "ما الخطأ في الشهادة",
    showCertificate: "عرض الشهادة",
  },
  cues: {
    label: "خداع محتمل",
    title: (cue) => {
      if (cue.type === "password-in-the-clear") return "لا تكتب كلمة مرور هنا";
      return cue.certainty === "likely" ? "قد لا يكون هذا الموقع الذي تظنه" : "انظر إلى العنوان مرتين";
    },
    reason: cueReason,
    goBack: "رجوع",
    understood: "فهمت",
  },
  offers: "عناوين زرتها",
  offerCount: (count) =>
    ({
      zero: "لا اقتراحات",
      one: "اقتراح واحد",
      two: "اقتراحان",
      few: `${count} اقتراحات`,
      many: `${count} اقتراحًا`,
      other: `${count} اقتراح`,
    })[new Intl.PluralRules("ar").select(count)],
  forgetHint: `${isolated("Shift+Delete")} ينسى العنوان المختار`,
  forget: "انسَ هذا العنوان",
  removed: {
    "line-breaks": "حُذفت فواصل الأسطر.",
    invisible: "حُذفت أحرف غير مرئية.",
    brackets: "حُذفت الأقواس أو علامات الاقتباس حول العنوان.",
    script: `حُذفت ${isolated("javascript:")} لأن برنامجًا نصيًا يُلصق هنا قد يتصرف باسمك.`,
    excess: "كان النص طويلًا جدًا فقُطع.",
  },
  userInformationLeftOut: "حُذف اسم المستخدم أو كلمة المرور من العنوان.",
  refused,
};

function refused(reason: AddressRefusal): string {
  switch (reason.type) {
    case "empty":
      return "لا يوجد عنوان.";
    case "not-an-address":
      return "هذا ليس عنوانًا.";
    case "host":
      return `لا يمكن أن يكون ${isolated(reason.host)} اسم موقع.`;
    case "port":
      return `${isolated(reason.port)} ليس منفذًا: المنافذ أعداد حتى ${isolated("65535")}.`;
    case "script":
      return "لا تُشغَّل البرامج النصية من شريط العنوان.";
    case "scheme":
      return `لا تُفتح هنا العناوين التي تبدأ بـ ${isolated(`${reason.scheme}:`)}.`;
    case "too-long":
      return `أقصى طول للعنوان ${new Intl.NumberFormat("ar").format(reason.limit)} حرف.`;
  }
}

function cueReason(cue: PhishingCue): string {
  switch (cue.type) {
    case "look-alike":
      return `${lookAlikes[cue.how]} ${isolated(cue.of)}، ${cue.known === "visited" ? "وهو موقع تزوره" : "وهو موقع معروف"}.`;
    case "deceptive-name":
      return `يظهر اسم ${isolated(cue.of)} في هذا العنوان، لكن الموقع ليس له.`;
    case "hidden-domain":
      return `الاسم الحاسم هو آخر اسم في المضيف، ويسبقه هذا العدد من الأحرف: ${cue.characters}.`;
    case "fresh-certificate":
      return `عمر شهادة هذا الموقع ${formatSpan(cue.ageMilliseconds, "ar")} فقط.`;
    case "password-in-the-clear":
      return "تطلب هذه الصفحة كلمة مرور، ويستطيع أي شخص في الطريق قراءة ما تكتبه.";
  }
}

const lookAlikes = {
  "same-to-the-eye": "اسمه غير الاسم الذي يشبهه:",
  "digits-for-letters": "في اسمه أرقام مكان أحرف الاسم",
  "one-character": "يختلف اسمه بحرف واحد عن اسم",
} as const;

/** From left to right, whatever stands around it. */
function isolated(text: string): string {
  return `\u2066${text}\u2069`;
}
