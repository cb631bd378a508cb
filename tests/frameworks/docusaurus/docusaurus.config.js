module.exports = {
  title: 'site',
  url: 'https://page.example.com',
  baseUrl: '/',
  trailingSlash: true,
  headTags: [
    {tagName: 'meta', attributes: {name: 'referrer', content: 'no-referrer'}},
    {tagName: 'script', attributes: {src: '/web/portero.js'}},
  ],
  presets: [['classic', {docs: false, blog: false}]],
};
