import type { Happened } from "../rules/what-happened.ts";
import { wordFor } from "../../text/word-for.ts";
import type { TransactionMessages } from "./messages.ts";

const number = new Intl.NumberFormat("ar");

const repeats: Readonly<Record<string, string>> = {
  "client-certificate": "طلب الخادم شهادة عميل",
  "certificate-exception": "قُبلت الشهادة استثناءً",
  "too-early": "لم يشأ الخادم العمل ببيانات مبكرة",
  misdirected: "لا يجيب الخادم عن هذا الأصل على ذلك الاتصال",
  route: "لم يؤدِّ الطريق السابق إلى شيء",
  "proxy-authentication": "أراد الوكيل معرفة من يسأل",
  retry: "فشل ويجوز تكراره",
  authentication: "أراد الخادم معرفة من يسأل",
};

const repairs: Readonly<Record<string, string>> = {
  learned: "كانت معروفة من خادم آخر",
  preloaded: "جاءت مع البرنامج",
  fetched: "جُلبت من حيث تذكر الشهادة",
};

const cacheUses: Readonly<Record<string, string>> = {
  fresh: "ما زال صالحًا",
  validated: "أكده الخادم",
  stale: "انقضت مدته واستُعمل مع ذلك",
};

/** What the details of a request say, in Arabic. */
export const transaction: TransactionMessages = {
  label: "تفاصيل الطلب",
  views: "أقسام التفاصيل",
  back: "العودة إلى القائمة",
  close: "إغلاق التفاصيل",
  loading: "جارٍ القراءة…",
  failed: "تعذّرت قراءة الطلب.",
  tryAgain: "أعد المحاولة",
  gone: "لم يعد هذا الطلب محفوظًا",
  goneHint: "يحتفظ البرنامج بآخر الطلبات فقط، أو مُسحت القائمة.",
  tabs: {
    overview: "نظرة عامة",
    response: "الاستجابة",
    request: "الطلب",
    hops: "القفزات",
    timeline: "المخطط الزمني",
    security: "الأمان",
  },
  copyCurl: "أمر ⁦curl⁩ بلا أسرار",
  copyCurlWithBody: "أمر ⁦curl⁩ مع المتن كله",
  giveUp: "إلغاء",
  download: "تنزيل",
  attachment: "أُرسل ملفًا للحفظ",
  whatHappened: "ما حدث",
  happened: (happened: Happened, url) => {
    switch (happened.type) {
      case "upgraded":
        return `لم يُسأل ${url}: فمضيفه معروف بطلب ⁦https⁩.`;
      case "redirected":
        return `أجاب ${url} بالحالة ${happened.status} وأحال إلى غيره.`;
      case "cached":
        return happened.use === "validated"
          ? `أُجيب عن ${url} من الذاكرة المؤقتة بعد أن أكد الخادم صلاحية الجواب.`
          : `أُجيب عن ${url} من الذاكرة المؤقتة؛ عمر الجواب ${number.format(happened.ageSeconds)} ثانية.`;
      case "handled":
        return `أجاب معالج المخطط عن ${url}.`;
      case "answered":
        return `أجاب ${url} بالحالة ${happened.status}${happened.protocol === "" ? "" : ` عبر ⁦${happened.protocol}⁩`}.`;
      case "repeated":
        return `أُرسل مرة أخرى: ${wordFor(repeats, happened.reason)}.`;
      case "repaired":
        return `أغفل الخادم شهادة من سلسلته، وقد ${wordFor(repairs, happened.from)}.`;
      case "excepted":
        return "قُبلت شهادة يرفضها التحقق.";
      case "failed":
        return `فشل ${url}.`;
      case "waiting":
        return `لم يجب ${url} بعد.`;
    }
  },
  remedy: "ما العمل",
  facts: {
    status: "الحالة",
    address: "العنوان",
    protocol: "البروتوكول",
    type: "النوع",
    started: "البدء",
    duration: "المدة",
    received: "المستلَم",
    sent: "المرسَل",
    decoded: "بعد فك الضغط",
    connection: "الاتصال",
    route: "عبر",
    security: "الأمان",
    error: "الخطأ",
    reason: "مصدر الجواب",
    cache: "الذاكرة المؤقتة",
    location: "الموقع",
    timing: "التوقيت",
    hsts: "⁦HSTS⁩",
  },
  answers: {
    network: "من الخادم",
    redirect: "من الخادم، وأحال إلى غيره",
    hsts: "لم يُسأل أحد: المضيف معروف بطلب ⁦https⁩",
    cache: "من الذاكرة المؤقتة",
    scheme: "من معالج المخطط، دون شبكة",
  },
  cached: (use, age) => `${wordFor(cacheUses, use)}، عمره ${age}`,
  hstsSources: {
    learned: "عُرف من المضيف أو من نطاق فوقه",
    preloaded: "في القائمة التي تأتي مع المتصفحات",
  },
  between: (count) => `المزيد بين ما سبق وما يلي: ${number.format(count)}`,
  connection: (id, isReused) => (isReused ? `رقم ${id}، مفتوح من قبل` : `رقم ${id}، فُتح لأجله`),
  phases: {
    blocked: "انتظار",
    resolve: "الاسم",
    connect: "اتصال",
    secure: "⁦TLS⁩",
    send: "إرسال",
    response: "أول بايت",
    body: "المتن",
    total: "المجموع",
  },
  hop: "قفزة",
  hopOf: (index, url) => `${number.format(index)}: ${url}`,
  headers: (count) => `الحقول: ${number.format(count)}`,
  noHeaders: "لا حقول.",
  noMessage: "لم تكن هناك استجابة.",
  body: "المتن",
  noBody: "لا متن.",
  noTls: "لا ⁦TLS⁩ في هذه القفزة",
  noTlsHint: "مرّت بلا تعمية، أو أُجيب عنها من الذاكرة، أو لم يُنشأ اتصال.",
  showMore: (more) => `إظهار المزيد (بقي ${more})`,
};
