// `import 'portero/define'` makes the tag <github-sign-in> known, and typed.
export type {} from './index.js';
