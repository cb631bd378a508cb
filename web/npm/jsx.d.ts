// <github-sign-in> in the templates that TypeScript checks: React's, Preact's and Solid's JSX, Vue's and Svelte's.
// index.d.ts has this in it; there is nothing to import. Where a framework is not installed, its part says nothing.
import type {GitHubSignInElement} from './index.js';

/** The attributes, by their own names: those a server can write as well. */
export interface GitHubSignInAttributes {
  proxy?: string;
  then?: 'reload' | '';
  mode?: 'redirect' | 'popup' | '';
  'return-to'?: string;
  scope?: string;
  'login-hint'?: string;
  prompt?: 'select_account' | '';
  'allow-signup'?: 'true' | 'false';
}

// @ts-ignore: not installed
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore: not installed
      'github-sign-in': DetailedHTMLProps<HTMLAttributes<GitHubSignInElement>, GitHubSignInElement> &
        GitHubSignInAttributes;
    }
  }
}

// @ts-ignore: not installed
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore: not installed
      'github-sign-in': import('preact').HTMLAttributes<GitHubSignInElement> & GitHubSignInAttributes;
    }
  }
}

// @ts-ignore: not installed
declare module 'solid-js/jsx-runtime' {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore: not installed
      'github-sign-in': HTMLAttributes<GitHubSignInElement> & GitHubSignInAttributes;
    }
  }
}

// @ts-ignore: not installed
declare module 'vue' {
  interface GlobalComponents {
    // @ts-ignore: not installed
    'github-sign-in': new () => {$props: HTMLAttributes & GitHubSignInAttributes};
  }
}

// @ts-ignore: not installed
declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    // @ts-ignore: not installed
    'github-sign-in': HTMLAttributes<GitHubSignInElement> & GitHubSignInAttributes;
  }
}
