import type { CertificateProblemMessages } from "./messages.ts";

const reissue = "اطلب إصدار الشهادة من جديد دون هذا الخطأ.";
const tellIssuer = "أبلغ الجهة التي أصدرتها: إنها تخالف القواعد التي تلتزم بها.";
const checkIntermediates = "تأكد من أن الخادم يرسل الشهادات الوسيطة التي تخص شهادته.";
const otherAuthority = "اطلب إصدار الشهادة من جهة يحق لها اعتماد هذا الاسم.";
const nearerToRoot = "اطلب إصدار الشهادة من جهة أقرب إلى الجذر.";

/** What is said of the problems of certificates, in Arabic. */
export const certificateProblems: CertificateProblemMessages = {
  CERTIFICATE_MALFORMED: { what: "لا يمكن قراءة الشهادة.", remedy: reissue },
  EXTENSION_MALFORMED: { what: "لا يمكن قراءة أحد امتدادات الشهادة.", remedy: reissue },
  EXTENSION_UNKNOWN: {
    what: "في الشهادة امتداد حرج غير مفهوم.",
    remedy: "اطلب إصدار الشهادة دون هذا الامتداد، أو دون أن يكون حرجًا.",
  },
  ISSUER_UNKNOWN: {
    what: "شهادة المُصدر مفقودة.",
    remedy: "اطلب أن يرسل الخادم شهاداته الوسيطة، أو أضف جذر المُصدر إلى الجذور الموثوق بها إن كان لك.",
  },
  ROOT_UNTRUSTED: {
    what: "ينتهي المسار عند جذر غير موثوق به.",
    remedy: "أضف هذا الجذر إلى الجذور الموثوق بها إن كان لك.",
  },
  SIGNATURE_INVALID: { what: "لم يصدر هذا التوقيع عن مفتاح المُصدر.", remedy: checkIntermediates },
  SIGNATURE_WEAK: {
    what: "الشهادة موقّعة بخوارزمية غير مقبولة.",
    remedy: "اطلب إصدارها بخوارزمية SHA-256 أو أقوى، مع RSA أو ECDSA أو EdDSA.",
  },
  SIGNATURE_ALGORITHM_MISMATCH: {
    what: "تذكر الشهادة خوارزمية توقيع داخل الجزء الموقّع، وأخرى خارجه.",
    remedy: reissue,
  },
  KEY_WEAK: {
    what: "المفتاح ضعيف جدًا، أو من نوع غير مقبول.",
    remedy: "استخدم RSA بطول 2048 بتًا على الأقل، أو P-256 أو P-384 أو P-521 أو Ed25519 أو Ed448.",
  },
  NOT_YET_VALID: { what: "لم تبدأ صلاحية الشهادة بعد.", remedy: "تحقق من ساعة هذا الجهاز." },
  EXPIRED: { what: "انتهت صلاحية الشهادة.", remedy: "اطلب تجديد شهادة الخادم." },
  NOT_A_CA: { what: "استُخدمت شهادة لإصدار شهادات أخرى، ولا يحق لها ذلك.", remedy: checkIntermediates },
  KEY_USAGE_FORBIDS_SIGNING: {
    what: "لا يحق لمفتاح المُصدر توقيع الشهادات.",
    remedy: "اطلب إصدار شهادة المُصدر على أن يُسمح لمفتاحها بتوقيع الشهادات.",
  },
  KEY_USAGE_UNSUITABLE: {
    what: "لا يجوز استخدام هذا المفتاح في TLS.",
    remedy: "اطلب إصدار الشهادة على أن يُسمح لمفتاحها بالتوقيع الرقمي.",
  },
  PURPOSE_FORBIDDEN: {
    what: "الشهادة مخصصة لغرض آخر.",
    remedy: "اطلب إصدارها لهذا الغرض: إثبات هوية الخادم، أو إثبات هوية العميل.",
  },
  PATH_LENGTH_EXCEEDED: { what: "عدد جهات الإصدار تحت إحدى الجهات أكبر مما تسمح به.", remedy: nearerToRoot },
  CHAIN_TOO_DEEP: {
    what: "عدد الشهادات الوسيطة أكبر من الحد المطلوب.",
    remedy: "اسمح بعدد أكبر، أو اطلب إصدار الشهادة من جهة أقرب إلى الجذر.",
  },
  NAME_EXCLUDED: { what: "تستثني إحدى جهات الإصدار هذا الاسم.", remedy: otherAuthority },
  NAME_NOT_PERMITTED: { what: "لا يحق لإحدى جهات الإصدار اعتماد هذا الاسم.", remedy: otherAuthority },
  NAME_FORM_UNSUPPORTED: {
    what: "تقيّد إحدى جهات الإصدار نوعًا غير مفهوم من الأسماء، وفي الشهادة اسم منه.",
    remedy: "اطلب إصدار الشهادة دون هذا الاسم.",
  },
  NAME_CONSTRAINTS_MALFORMED: {
    what: "لا يمكن فهم القيود التي تضعها إحدى جهات الإصدار على الأسماء.",
    remedy: "اطلب إصدار شهادة تلك الجهة من جديد بقيود مكتوبة كما ينبغي.",
  },
  NAME_CONSTRAINTS_TOO_COSTLY: {
    what: "عدد الأسماء والقيود عليها أكبر من أن تُقارن.",
    remedy: "اطلب إصدار الشهادة بأسماء أقل.",
  },
  NAME_MALFORMED: { what: "في الشهادة اسم غير سليم.", remedy: reissue },
  HOST_MISMATCH: {
    what: "الشهادة لمضيف آخر.",
    remedy: "تحقق من اسم المضيف، أو اطلب إضافته إلى أسماء الشهادة.",
  },
  POLICY_MISSING: {
    what: "تشترط إحدى جهات الإصدار سياسة مشتركة بين شهادات المسار كلها، ولا توجد.",
    remedy: tellIssuer,
  },
  REVOKED: { what: "ألغت جهة الإصدار هذه الشهادة.", remedy: "استبدل الشهادة ومفتاحها." },
  REVOCATION_UNKNOWN: {
    what: "لا شيء يبيّن هل أُلغيت الشهادة، وكان ذلك مطلوبًا.",
    remedy: "وفّر قائمة إلغاء حديثة من المُصدر، أو اطلب أن يرفق الخادم ردًّا منه.",
  },
  REVOCATION_LIST_INVALID: {
    what: "لا يمكن استخدام قائمة الإلغاء التي أصدرها المُصدر.",
    remedy: "اجلب قائمة حديثة من المُصدر.",
  },
  WORK_LIMIT_REACHED: {
    what: "توقف البحث عن مسار إلى جذر موثوق به: الاحتمالات كثيرة جدًا.",
    remedy: "اطلب أن يرسل الخادم شهادات أقل: شهادته والشهادات الوسيطة.",
  },
  SERIAL_NUMBER_INVALID: { what: "طول الرقم التسلسلي ليس بين بايت واحد و20 بايتًا.", remedy: reissue },
  NAME_EMPTY: { what: "اسم فارغ حيث يجب أن يكون هناك اسم.", remedy: reissue },
  NAME_NOT_PREFERRED: { what: "اسم مضيف غير مكتوب كما تُكتب أسماء المضيفين.", remedy: reissue },
  KEY_IDENTIFIER_MISSING: { what: "معرّف أحد المفاتيح مفقود.", remedy: reissue },
  CRITICALITY_WRONG: { what: "امتداد موسوم بأنه حرج ويجب ألا يكون كذلك، أو العكس.", remedy: reissue },
  CA_FIELDS_CONTRADICT: { what: "تتناقض الشهادة في كونها لجهة إصدار أو لا.", remedy: reissue },
  NAME_CONSTRAINTS_IN_LEAF: { what: "تضع الشهادة قيودًا على أسماء غيرها، وليست لجهة إصدار.", remedy: reissue },
  NAME_CONSTRAINTS_NOT_CRITICAL: { what: "القيود على الأسماء غير موسومة بأنها حرجة.", remedy: tellIssuer },
  INFORMATION_ACCESS_MALFORMED: { what: "لا يمكن قراءة ما يدل على معلومات المُصدر.", remedy: reissue },
  BASELINE_VERSION: { what: "الشهادة ليست من الإصدار 3.", remedy: tellIssuer },
  BASELINE_KEY_IDENTIFIER: { what: "معرّفات مفتاح الجذر ليست كما يجب.", remedy: tellIssuer },
  BASELINE_COMMON_NAME: { what: "الاسم الشائع ليس من أسماء الشهادة.", remedy: tellIssuer },
  BASELINE_PURPOSE: { what: "أغراض الشهادة ليست كما يجب.", remedy: tellIssuer },
  BASELINE_LEAF_IS_CA: { what: "استُخدمت شهادة جهة إصدار لخادم.", remedy: tellIssuer },
  BASELINE_KEY_SIZE: { what: "طول مفتاح RSA ليس من مضاعفات 8 بتات.", remedy: tellIssuer },
  BASELINE_NAMES_CRITICAL: { what: "الأسماء موسومة بأنها حرجة مع أن صاحب الشهادة مذكور.", remedy: tellIssuer },
  BASELINE_PUBLIC_SUFFIX: {
    what: "الشهادة لكل مضيف تحت لاحقة يمكن لأي أحد أن يحصل على اسم تحتها.",
    remedy: tellIssuer,
  },
  STAPLE_REQUIRED: {
    what: "تعد الشهادة برد مرفق، ولم يصل رد يثبت أنها غير ملغاة.",
    remedy: "اطلب أن يرفق الخادم رد OCSP حديثًا من المُصدر.",
  },
  PIN_MISMATCH: {
    what: "ليس في المسار أي من المفاتيح المثبّتة.",
    remedy: "قارن المفاتيح المثبّتة بمفاتيح الخادم؛ فإن كان قد غيّرها فأضف الجديدة.",
  },
  REFUSED_BY_LIBRARY: {
    what: "ترفض مكتبة TLS الشهادات.",
    remedy: "افحصها بتنفيذ آخر لبروتوكول TLS، وأخبرنا إن كانت المكتبة مخطئة.",
  },
};
