import { formatCount, formatDuration } from "../../text/quantities.ts";
import type { RequestTimelineMessages } from "./messages.ts";

/** What the time line of a request says, in Arabic. */
export const requestTimeline: RequestTimelineMessages = {
  label: "المخطط الزمني للطلب",
  columns: { request: "الطلب", result: "النتيجة", duration: "المدة", phases: "المراحل" },
  phases: {
    blocked: "انتظار اتصال",
    resolve: "تحليل الاسم",
    connect: "الاتصال",
    secure: "التأمين (TLS)",
    send: "الإرسال",
    wait: "انتظار الجواب",
    receive: "الاستقبال",
  },
  legend: "مفتاح الرموز",
  reasons: {
    redirect: "اتُّبعت إعادة التوجيه",
    hsts: "رُفع إلى https (HSTS) دون سؤال أحد",
    cache: "من الذاكرة المخبئية",
    scheme: "أُجيب دون شبكة",
  },
  repeats: {
    "client-certificate": "طُلبت شهادة عميل",
    "certificate-exception": "مُنح استثناء للشهادة",
    "too-early": "لم يرد الخادم بيانات مبكرة",
    misdirected: "كان الاتصال لخادم آخر",
    route: "لم يؤدِّ الطريق السابق إلى شيء",
    "proxy-authentication": "أراد الوكيل معرفة السائل",
    retry: "كان قد فشل",
    authentication: "أراد الخادم معرفة السائل",
  },
  repeated: (reason) => `أُرسل من جديد: ${reason}`,
  reused: "على اتصال كان قائمًا",
  earlyData: {
    accepted: "أُرسل كبيانات مبكرة وقُبل",
    rejected: "أُرسل كبيانات مبكرة فرُفض وأُرسل من جديد",
  },
  running: "جارٍ",
  failed: (error) => `فشل: ${error}`,
  duration: (milliseconds) => formatDuration(milliseconds, "ar"),
  summary: (hops, milliseconds) => `القفزات: ${formatCount(hops, "ar")}، ${formatDuration(milliseconds, "ar")}`,
  between: (count) => `قفزات أخرى بين ما سبق وما يلي: ${formatCount(count, "ar")}`,
  details: "مراحل هذه القفزة",
  empty: "لا قفزات بعد",
};
