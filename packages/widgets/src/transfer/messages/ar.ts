import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatUnits,
} from "../../text/quantities.ts";
import type { TransferMessages } from "./messages.ts";

const phases: TransferMessages["phases"] = {
  waiting: "في الانتظار",
  "under-way": "جارٍ النقل",
  stalled: "متوقف مؤقتًا بلا بيانات",
  verifying: "جارٍ التحقق من اكتماله",
  paused: "موقوف مؤقتًا",
  done: "اكتمل",
  failed: "فشل",
  cancelled: "أُلغي",
};

const actions: TransferMessages["actions"] = {
  pause: "إيقاف مؤقت",
  resume: "متابعة",
  cancel: "إلغاء",
  retry: "إعادة المحاولة",
  open: "فتح",
  show: "إظهار في المجلد",
  remove: "إزالة من القائمة",
};

/** What downloads and uploads say, in Arabic. */
export const transfer: TransferMessages = {
  label: "عمليات النقل",
  directions: { download: "تنزيل", upload: "رفع" },
  phases,
  actions,
  actionOn: (action, name) => `${actions[action]}: ${name}`,
  size: (bytes) => formatBytes(bytes, "ar"),
  amount: (bytes, totalBytes) =>
    totalBytes === undefined
      ? `${formatBytes(bytes, "ar")}، الحجم غير معروف`
      : `${formatBytes(bytes, "ar")} من ${formatBytes(totalBytes, "ar")}`,
  rate: (bytesPerSecond) => formatRate(bytesPerSecond, "ar"),
  percent: (fraction) => formatPercent(fraction, "ar"),
  remaining: (remaining) =>
    remaining.type === "moments"
      ? "بقيت بضع ثوانٍ"
      : `بقي نحو ${formatUnits(remaining.count, remaining.unit, "ar", "long")}`,
  silent: (milliseconds) => `لم يصل شيء منذ ${silence(milliseconds)}`,
  resumed: (bytes) => `${formatBytes(bytes, "ar")} من محاولة سابقة`,
  discarded: (bytes) => `أُهمل ${formatBytes(bytes, "ar")} لأن الملف تغيّر`,
  restarted: (times) =>
    times === 1 ? "بدأ من جديد من الصفر" : `بدأ من جديد من الصفر، عدد المرات: ${formatCount(times, "ar")}`,
  unknownReason: "لم يُذكر سبب.",
  remedy: "ما العمل:",
  announcement: (name, { phase, percent }) =>
    percent === undefined ? `${name}: ${phases[phase]}` : `${name}: ${formatPercent(percent / 100, "ar")}`,
  groups: { "under-way": "جارية", resting: "في الانتظار أو موقوفة", failed: "فاشلة", ended: "منتهية" },
  count: (count) => formatCount(count, "ar"),
  underWay: (count) => `الجارية: ${formatCount(count, "ar")}`,
  removeEnded: "إزالة المنتهية",
  empty: "لا توجد عمليات نقل بعد",
  emptyHint: "تظهر هنا التنزيلات وعمليات الرفع، مع مدى تقدمها والوقت المتبقي لها.",
};

function silence(milliseconds: number): string {
  if (milliseconds < 60_000) return formatUnits(Math.floor(milliseconds / 1_000), "second", "ar", "long");
  return formatDuration(milliseconds, "ar", "long");
}
