// What our ready-made pages do before anything is drawn: they hold two languages, and the one is chosen, `?lang=es`, else
// what the browser prefers; `data-es` is the title in Spanish. A page of one language needs none of this: <github-sign-in>
// reads `lang` where it stands. And a link with `data-manage` leads to the visitor's page of this app, as soon as it is known.
(() => {
  const asked = new URL(location.href).searchParams.get('lang');
  const wanted = [asked ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  const lang = wanted.find((tag) => tag === 'en' || tag === 'es') ?? 'en';
  document.documentElement.lang = lang;
  const title = document.currentScript?.dataset.es;
  if (lang === 'es' && title) document.title = title;

  const lead = (/** @type {Event} */ {target}) => {
    const link = /** @type {Element} */ (target).closest?.('a[data-manage]');
    const tag = /** @type {any} */ (document.querySelector('github-sign-in'));
    if (link && tag.client?.manage) link.setAttribute('href', tag.client.manage);
  };
  for (const type of ['pointerover', 'focusin', 'click']) addEventListener(type, lead);
})();
