import type { CertificateViewerMessages } from "./messages.ts";

const number = new Intl.NumberFormat("ar");
const plural = new Intl.PluralRules("ar");

/** What the certificate viewer says, in Arabic. */
export const certificateViewer: CertificateViewerMessages = {
  label: "الشهادات",
  empty: "لا توجد شهادة لعرضها: انتهى الاتصال قبل وصول أي شهادة، أو أنه لا يحتاج إليها.",
  path: "المسار، من الجذر إلى الخادم",
  roles: { root: "جذر", intermediate: "شهادة وسيطة", leaf: "شهادة الخادم" },
  sources: { sent: "أرسلها الخادم", added: "أضفناها نحن", anchor: "مرساة الثقة" },
  misplaced: "لم تُصدر الشهادة التي تحتها",
  problemCount: (count) => countProblems(count),
  missing: "المُصدر مفقود",
  unseen: "المُصدر، ليس جزءًا من السلسلة",

  problems: (count) => countProblems(count),
  problemKinds: {
    expired: "منتهية الصلاحية",
    "not-yet-valid": "لم تبدأ صلاحيتها بعد",
    "other-host": "لمضيف آخر",
    "unknown-issuer": "المُصدر غير موثوق به",
    forged: "التوقيع غير مطابق",
    revoked: "ملغاة",
    "revocation-unknown": "لا يُعرف هل أُلغيت",
    "changed-key": "ليس المفتاح المثبَّت",
    weak: "ضعيفة جدًا",
    misused: "مستخدمة في غير غرضها",
    malformed: "غير سليمة",
  },
  detail: "بالتفصيل",
  remedy: "ما العمل",
  showCertificate: "عرض هذه الشهادة",
  verified: "تم التحقق",
  verifiedBy: (trust) => `تم التحقق بواسطة ${trust}`,

  downloadCertificate: "تنزيل",
  downloadChain: "تنزيل السلسلة",

  groups: {
    validity: "الصلاحية",
    names: "الأسماء",
    subject: "صاحب الشهادة ومُصدرها",
    key: "المفتاح والبصمات",
    limits: "الاستخدام المسموح به",
    revocation: "الإلغاء",
    timestamps: "سجلات الشفافية",
    identifiers: "المعرّفات والامتدادات",
  },
  states: {
    valid: (distance) => `ضمن مدة صلاحيتها؛ تنتهي ${distance}`,
    expired: (distance) => `انتهت صلاحيتها ${distance}`,
    "not-yet-valid": (distance) => `لم تبدأ صلاحيتها؛ تبدأ ${distance}`,
  },
  validityReversed: "تنتهي قبل أن تبدأ: ليست صالحة أبدًا",
  validityUnreadable: "لا يمكن قراءة تواريخها",
  now: "الآن",
  fields: {
    notBefore: "من",
    notAfter: "حتى",
    subject: "صاحب الشهادة",
    issuer: "المُصدر",
    serialNumber: "الرقم التسلسلي",
    version: "الإصدار",
    key: "المفتاح العام",
    signatureAlgorithm: "خوارزمية التوقيع",
    publicKeyPin: "تثبيت المفتاح",
    authority: "جهة إصدار",
    permittedNames: "للأسماء التالية فقط",
    excludedNames: "ليست للأسماء التالية",
    keyUsage: "استخدام المفتاح",
    extendedKeyUsage: "الأغراض",
    policies: "السياسات",
    staple: "الرد المرفق",
    ocsp: "OCSP",
    crl: "قوائم الإلغاء",
    issuerUrls: "شهادة المُصدر",
    mustStaple: "إرفاق إلزامي",
    subjectKeyIdentifier: "معرّف المفتاح",
    authorityKeyIdentifier: "معرّف مفتاح المُصدر",
    extensions: "الامتدادات",
  },
  nameKinds: { DNS: "DNS", IP: "IP", mail: "بريد", URI: "URI", directory: "دليل", other: "أخرى" },
  namesCount: (count) => {
    switch (plural.select(count)) {
      case "one":
        return "اسم واحد";
      case "two":
        return "اسمان";
      case "few":
        return `${number.format(count)} أسماء`;
      case "zero":
      case "many":
      case "other":
        return `${number.format(count)} اسمًا`;
    }
  },
  nameFits: (host) => `يطابق ${host}`,
  nameFitsNot: (host) => `لا يطابق أي منها ${host}`,
  noNames: "لا تذكر الشهادة أي مضيف.",
  none: "لا شيء",
  notLimited: "بلا قيود",
  itself: "هي نفسها",
  yes: "نعم",
  no: "لا",
  authority: (pathLength) => {
    if (pathLength === undefined) return "نعم، بأي عدد من جهات الإصدار تحتها";
    if (pathLength === 0) return "نعم، للشهادات النهائية فقط";
    return `نعم، أقصى عدد لجهات الإصدار تحتها: ${number.format(pathLength)}`;
  },
  mustStaple: "يتعهد الخادم بإثبات أنها غير ملغاة",
  everyName: "كل اسم من هذا النوع",
  unreadable: "توجد قيود، لكن لا يمكن قراءتها",
  staples: {
    none: "لم يرسل الخادم أي رد",
    good: (since, until) => `غير ملغاة وفق رد بتاريخ ${since}، ويسري حتى ${until}`,
    revoked: (day) => (day === undefined ? "ملغاة" : `أُلغيت في ${day}`),
    unknown: "تجيب جهة الإصدار بأنها لا تعرف هذه الشهادة",
    unusable: "وصل رد لا يثبت شيئًا: قديم، أو عن شهادة أخرى، أو لم توقّعه جهة الإصدار",
  },
  revocationReasons: {
    unspecified: "دون ذكر السبب",
    keyCompromise: "لم يعد مفتاحها سريًّا",
    cACompromise: "لم يعد مفتاح جهة الإصدار سريًّا",
    affiliationChanged: "تغيّر اسم صاحبها أو انتماؤه",
    superseded: "حلّت محلها شهادة أخرى",
    cessationOfOperation: "لم تعد هناك حاجة إليها",
    certificateHold: "معلّقة مؤقتًا",
    removeFromCRL: "كانت معلّقة ولم تعد كذلك",
    privilegeWithdrawn: "فقد صاحبها حقه فيها",
    aACompromise: "لم يعد مفتاح جهة منح الصفات سريًّا",
  },
  timestampsUnchecked: "كما تدّعي الشهادة؛ لم يُتحقق من توقيعات السجلات.",
  unknownLog: "سجل غير معروف",
  critical: "حرج",

  connection: "ما استخدمه هذا الاتصال",
  connectionFields: {
    protocol: "البروتوكول",
    cipher: "التشفير",
    group: "تبادل المفاتيح",
    alpn: "بروتوكول التطبيق",
    serverName: "الاسم المطلوب",
    resumed: "جلسة مستأنفة",
    earlyData: "بيانات مبكرة",
    authorized: "تم التحقق",
    trust: "مصدر الثقة",
    repairedFrom: "المُصدر المفقود",
    clientIdentity: "هويتنا",
    backend: "تنفيذ TLS",
  },
  earlyData: { none: "لا شيء", pending: "أُرسلت، ولا جواب بعد", accepted: "قُبلت", rejected: "رُفضت وأُعيد إرسالها" },
  repairedFrom: {
    learned: "معروف من اتصال سابق",
    preloaded: "معروف من القائمة المدمجة",
    fetched: "جُلب من عنوانه",
  },
};

function countProblems(count: number): string {
  switch (plural.select(count)) {
    case "one":
      return "مشكلة واحدة";
    case "two":
      return "مشكلتان";
    case "few":
      return `${number.format(count)} مشكلات`;
    case "zero":
    case "many":
    case "other":
      return `${number.format(count)} مشكلة`;
  }
}
