import type { BenjiMessages } from "../src/index.js";

// Shows that `messages` is enough for another language. These texts are not reviewed and not part of the package.

export const GERMAN: BenjiMessages = {
  locale: "de",
  connect: "Prämien verbinden",
  transfer: "Punkte übertragen",
  transferAmount: "{amount} Punkte übertragen",
  redeem: "Punkte einlösen",
  redeemAmount: "{amount} Punkte einlösen",
  connecting: "Verbindung zu Benji wird aufgebaut",
  redirecting: "Sie werden zu Benji weitergeleitet",
  blocked:
    "Ihr Browser blockiert Daten, die diese Seite braucht. Bitte erlauben Sie ihr Websitedaten.",
  unreachable: "Der Prämiendienst ist nicht erreichbar.",
  refused: "Der Prämiendienst hat das abgelehnt.",
  signedOut: "Sie sind nicht angemeldet. Bitte melden Sie sich an.",
  slow: "Das hat zu lange gedauert.",
  failed: "Das hat nicht geklappt.",
  tryAgain: "Bitte versuchen Sie es noch einmal.",
};

export const ARABIC: BenjiMessages = {
  locale: "ar-EG",
  connect: "ربط المكافآت",
  transfer: "تحويل النقاط",
  transferAmount: "تحويل {amount} نقطة",
  redeem: "استبدال النقاط",
  redeemAmount: "استبدال {amount} نقطة",
  connecting: "جارٍ الاتصال بخدمة Benji",
  redirecting: "جارٍ نقلك إلى Benji",
  blocked: "يمنع متصفحك بيانات تحتاج إليها هذه الصفحة. يُرجى السماح لها ببيانات الموقع.",
  unreachable: "تعذّر الوصول إلى خدمة المكافآت.",
  refused: "رفضت خدمة المكافآت هذا الطلب.",
  signedOut: "لم تسجّل الدخول. يُرجى تسجيل الدخول.",
  slow: "استغرق ذلك وقتًا طويلًا.",
  failed: "لم تنجح العملية.",
  tryAgain: "يُرجى المحاولة مرة أخرى.",
};
