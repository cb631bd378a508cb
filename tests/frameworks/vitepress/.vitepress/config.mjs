import portero from 'portero/vite';

export default {
  head: [
    ['meta', {name: 'referrer', content: 'no-referrer'}],
    ['script', {src: '/portero.js', 'data-wait': ''}],
  ],
  vite: {plugins: [portero({head: false})]},
  vue: {template: {compilerOptions: {isCustomElement: (tag) => tag === 'github-sign-in'}}},
};
