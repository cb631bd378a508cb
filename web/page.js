// The demo page's language, before anything is drawn: `?lang=es`, else what the browser prefers; the page holds both.
// A page of one language needs none of this: <github-sign-in> reads `lang` where it stands.
(() => {
  const asked = new URL(location.href).searchParams.get('lang');
  const wanted = [asked ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  const lang = wanted.find((tag) => tag === 'en' || tag === 'es') ?? 'en';
  document.documentElement.lang = lang;
  if (lang === 'es') document.title = 'portero: entra con GitHub en una página estática';
})();
